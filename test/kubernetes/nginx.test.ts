import assert from "node:assert/strict";
import { listen, nginxResolver } from "../../components/kubernetes/nginx";
import { gateway as lokiGateway } from "../../components/logs/loki/gateway";
import { lokiDefaults } from "../../components/logs/loki/settings";
import { gateway as tempoGateway } from "../../components/traces/tempo/gateway";
import type { TempoValuesArgs } from "../../components/traces/tempo/config";
import { tempoDefaults } from "../../components/traces/tempo/settings";
import { gateway as cortexGateway } from "../../components/metrics/cortex/gateway";
import { platformOf } from "../fixtures/platform";
import type { CortexValuesArgs } from "../../components/metrics/cortex/values-args";
import { cortexDefaults } from "../../components/metrics/cortex/settings";

const NODE_LOCAL = {
    service: "kube-dns",
    namespace: "kube-system",
    port: 53,
    addresses: ["169.254.20.10", "fd00::10"],
};

describe("nginx", () => {
    it("asks the DNS Service, or the addresses that answer on the nodes, IPv6 in brackets", () => {
        assert.equal(nginxResolver(platformOf("zone")), "kube-dns.kube-system.svc.cluster.local.");
        const dns = { ...NODE_LOCAL, service: "dns-default", namespace: "openshift-dns", addresses: [] };
        assert.equal(nginxResolver({ dns }), "dns-default.openshift-dns.svc.cluster.local.");
        assert.equal(nginxResolver({ dns: NODE_LOCAL }), "169.254.20.10 [fd00::10]");
    });

    it("looks nothing up at its start where the setting has addresses, in every store's gateway", () => {
        const asked = (addresses: string[]) => {
            const platform = platformOf("zone", { dns: { ...NODE_LOCAL, addresses } });
            const cortex = { platform, settings: cortexDefaults("zone") } as CortexValuesArgs;
            const tempo = { platform, settings: tempoDefaults("zone") } as TempoValuesArgs;
            return [
                cortexGateway(cortex).config.dnsResolver,
                lokiGateway(lokiDefaults("zone"), platform).nginxConfig?.resolver,
                tempoGateway(tempo).nginxConfig?.resolver,
            ];
        };
        for (const resolver of asked(["10.96.0.10"])) assert.equal(resolver, "10.96.0.10");
        for (const resolver of asked([])) assert.equal(resolver, "kube-dns.kube-system.svc.cluster.local.");
    });

    it("listens by IPv6 only where pods have it", () => {
        assert.equal(listen(80, { ipFamilies: "ipv4" }), "listen 80;");
        assert.equal(listen(80, { ipFamilies: "dual" }, "ssl"), "listen 80 ssl;\nlisten [::]:80 ssl;");
    });

    it("listens on each port of Cortex' gateway once for each family", () => {
        const listened = (ipFamilies: "ipv4" | "dual") => {
            const args = { platform: platformOf("zone", { ipFamilies }), settings: cortexDefaults("zone") };
            const { serverSnippet } = cortexGateway(args as CortexValuesArgs).config;
            return serverSnippet.match(/listen .*;/g);
        };
        // The chart listens on 8080 by IPv4.
        assert.deepEqual(listened("ipv4"), ["listen 8081;"]);
        assert.deepEqual(listened("dual"), ["listen [::]:8080;", "listen 8081;", "listen [::]:8081;"]);
    });
});
