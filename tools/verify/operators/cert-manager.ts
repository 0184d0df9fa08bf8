import { record } from "../../records";
import { beside, keysOnly, type Operator } from "./operated";

/** Keeps a Certificate's key pair in the Secret that it names: https://cert-manager.io/docs/usage/certificate/ */
export const certManager: Operator = {
    kind: "cert-manager.io/Certificate",
    operate: (owner) => {
        const { secretName } = record(owner.object.spec);
        const keys = ["ca.crt", "tls.crt", "tls.key"];
        return { pods: [], objects: beside(owner, [keysOnly("Secret", String(secretName), keys)]) };
    },
};
