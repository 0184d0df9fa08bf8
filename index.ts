import * as pulumi from "@pulumi/pulumi";
import { Platform } from "./components/platform/platform";
import { readSettings } from "./components/platform/settings";

const project = pulumi.getProject();
const settings = readSettings(pulumi.runtime.allConfig(), project, process.env);
const { grafana, push, tenant, query, clusters } = new Platform("observability", settings);

// Of an output that is undefined the engine would warn each time.
const outputs = Object.entries({ grafana, push, tenant, query, clusters }).filter(([, value]) => value !== undefined);
export = Object.fromEntries(outputs);
