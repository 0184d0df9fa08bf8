import { componentProviderHost } from "@pulumi/pulumi/provider/experimental";
import { ObservabilityPlatform } from "../components/platform/observability-platform";

/** Serves the component to programs in every language of Pulumi. What it takes is read from its types. */
void componentProviderHost({ name: "observability", dirname: __dirname, components: [ObservabilityPlatform] });
