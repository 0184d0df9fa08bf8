import * as pulumi from "@pulumi/pulumi";
import { Platform } from "./components/platform/platform";
import { readSettings } from "./components/platform/settings";

const project = pulumi.getProject();
const platform = new Platform("observability", readSettings(pulumi.runtime.allConfig(), project, process.env));

export const grafana = platform.grafana;
export const push = platform.push;
export const tenant = platform.tenant;
export const query = platform.query;
export const clusters = platform.clusters;
