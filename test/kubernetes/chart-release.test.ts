import assert from "node:assert/strict";
import { chartSource, type ChartPin } from "../../components/kubernetes/chart-release";
import { mergeValues } from "../../components/kubernetes/merge-values";

const pin: ChartPin = {
    name: "loki",
    repository: "https://charts.example.com",
    version: "1.2.3",
    digest: undefined,
    appVersion: "3",
    checked: "2026-11-21",
    holdsData: true,
};

describe("a chart's source", () => {
    it("is its repository by default", () => {
        assert.deepEqual(chartSource(pin, undefined), {
            chart: "loki",
            version: "1.2.3",
            repositoryOpts: { repo: "https://charts.example.com" },
        });
    });

    it("is an archive in a mirror folder, without a repository", () => {
        assert.deepEqual(chartSource(pin, "charts/"), { chart: "charts/loki-1.2.3.tgz", version: "1.2.3" });
    });

    it("is a full reference under an OCI prefix, without a repository", () => {
        assert.deepEqual(chartSource(pin, "oci://r.example.com/charts"), {
            chart: "oci://r.example.com/charts/loki",
            version: "1.2.3",
        });
    });
});

describe("merging chart values", () => {
    it("merges maps deeply: one override keeps its neighbours", () => {
        assert.deepEqual(mergeValues({ a: { b: 1, c: 2 } }, { a: { c: 3 } }), { a: { b: 1, c: 3 } });
    });

    it("replaces arrays", () => {
        assert.deepEqual(mergeValues({ a: [1, 2] }, { a: [3] }), { a: [3] });
    });

    it("keeps null, by which Helm deletes a chart's default", () => {
        assert.deepEqual(mergeValues({ a: { b: 1 } }, { a: null }), { a: null });
    });
});
