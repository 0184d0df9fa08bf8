import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** What this program reads of the platform's output `push`. */
interface Push {
    readonly otlpHttp: string;
}

const folder = resolve(__dirname, "..");
const platform = new pulumi.StackReference(new pulumi.Config().require("platform"));
const push = platform.requireOutput("push") as pulumi.Output<Push>;

const namespace = new k8s.yaml.v2.ConfigFile("namespace", { file: resolve(folder, "namespace.yaml") });
const configMap = (name: string, data: Record<string, pulumi.Input<string>>) =>
    new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "shop" }, data }, { dependsOn: [namespace] });

const settings = [
    // The one thing that an application has to know of the platform. OpenTelemetry's SDKs read this variable.
    configMap("platform", { OTEL_EXPORTER_OTLP_ENDPOINT: push.otlpHttp }),
    configMap("code", { "app.mjs": readFileSync(resolve(folder, "app/app.mjs"), "utf8") }),
];

new k8s.yaml.v2.ConfigGroup(
    "application",
    { files: [resolve(folder, "manifests/*.yaml")] },
    { dependsOn: [namespace, ...settings] },
);
