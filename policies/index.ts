import { PolicyPack } from "@pulumi/policy";
import { NAME, policies } from "./pack";

new PolicyPack(NAME, { policies: policies() });
