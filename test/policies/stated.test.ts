import assert from "node:assert/strict";
import { demandsOn, remember } from "../../policies/stated";

const urnOf = (type: string, name: string) => `urn:pulumi:s::p::${type}::${name}`;
const component = (type: string, name: string, parent: string | undefined, props = {}) => {
    const urn = urnOf(type, name);
    remember({ urn, type, props, opts: parent === undefined ? {} : { parent } });
    return urn;
};
const platform = (name: string, props: object) => component("observability:index:Platform", name, undefined, props);

describe("what a release is held to", () => {
    it("is what the platform around it says, however deep it stands", () => {
        const laptop = platform("laptop", { survives: "nothing", protectData: false });
        const mirror = "oci://registry.example.com/charts";
        const live = platform("live", { survives: "node", protectData: true, chartMirror: mirror });
        const loki = (parent: string) =>
            component("Release", `loki of ${parent}`, component("Loki", `of ${parent}`, parent));
        assert.deepEqual(demandsOn(loki(laptop), {}), { survives: "nothing", protect: false });
        assert.deepEqual(demandsOn(loki(live), {}), { survives: "node", protect: true, mirrors: [mirror] });
    });

    it("is the configuration's word alone where no platform stands around it", () => {
        const alone = component("Release", "alone", undefined);
        assert.deepEqual(demandsOn(alone, {}), {});
        assert.deepEqual(demandsOn(alone, { survives: "node" }), { survives: "node" });
    });

    it("is the greater of both words on losses, and the configuration's on the rest", () => {
        const node = platform("node", { survives: "node", protectData: false, chartMirror: "oci://a.example.com/b" });
        const configured = { protect: true, mirrors: ["oci://c.example.com"] };
        assert.deepEqual(demandsOn(node, { ...configured, survives: "zone" }), { ...configured, survives: "zone" });
        assert.deepEqual(demandsOn(node, { ...configured, survives: "nothing" }), { ...configured, survives: "node" });
    });

    it("takes nothing that is no such word", () => {
        const odd = platform("odd", { survives: "everything", protectData: "yes", chartMirror: 7 });
        assert.deepEqual(demandsOn(odd, {}), {});
    });
});
