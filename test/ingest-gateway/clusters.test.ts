import assert from "node:assert/strict";
import { headerTenancy } from "../../components/contracts/tenancy";
import { gatewayConfig } from "../../components/ingest-gateway/nginx";
import {
    ingestGatewayDefaults,
    ingestGatewaySettings,
    type IngestGatewaySettings,
} from "../../components/ingest-gateway/settings";
import { htpasswdLine, usersOf } from "../../components/ingest-gateway/users";
import { isSecretMark, type Plan } from "../../tools/plan/engine";
import { deployed, planned } from "../fixtures/planned";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";

/** Of nobody: its key was thrown away. */
const AUTHORITY = `${[
    "-----BEGIN CERTIFICATE-----",
    "MIIBgzCCASmgAwIBAgIUNGCoW6cDaRgrj78BntIyGx1ePg8wCgYIKoZIzj0EAwIw",
    "FjEUMBIGA1UEAwwLb2YtdGhlLXRlc3QwIBcNMjYxMTI5MTAyMjI5WhgPMjEyNjEx",
    "MDUxMDIyMjlaMBYxFDASBgNVBAMMC29mLXRoZS10ZXN0MFkwEwYHKoZIzj0CAQYI",
    "KoZIzj0DAQcDQgAEH4uNpjF4wwgna7lSUgDnevf/2SoxWhqWSbIiTVcuemsdM5MC",
    "l70ptcZDMnDauBFHzkgZtz0Noa+AuGvqUBpVOaNTMFEwHQYDVR0OBBYEFFfoelxk",
    "orHieLHWKt6aOes1ZQNQMB8GA1UdIwQYMBaAFFfoelxkorHieLHWKt6aOes1ZQNQ",
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAPFgus+yTPrmERRk",
    "UmKfuKLngZeAowEcnRPRgw4v1DQpAiB6OKEPEMhULZqeIrE+ICM+UoBFyBNAJJkG",
    "OhREP69btA==",
    "-----END CERTIFICATE-----",
].join("\n")}\n`;

const settings = (more: Partial<IngestGatewaySettings>) => ({ ...ingestGatewayDefaults("node"), ...more });

function config(more: Partial<IngestGatewaySettings>): string {
    const stores = { metricsStore: { ...metricsStore, tenancy: headerTenancy("hub") }, logStore, traceStore };
    return gatewayConfig(stores, settings(more), { ipFamilies: "ipv4" });
}

/** The lines of a map of nginx by the variable that it makes. */
function mapOf(text: string, variable: string): Record<string, string> {
    const [, body = ""] = new RegExp(`map \\S+ \\$${variable} \\{([^}]*)\\}`).exec(text) ?? [];
    return Object.fromEntries(
        [...body.matchAll(/"(.*)" "?([^";]*)"?;/g)].map(([, key = "", value = ""]) => [key, value]),
    );
}

describe("clusters that keep their signals here: the gateway", () => {
    it("knows a cluster by two users, so that an old and a new password hold together", () => {
        const users = (rotation?: number) => {
            const { newest, before } = usersOf({ name: "eu", ...(rotation !== undefined && { rotation }) });
            return [newest.name, newest.rotation, before.name, before.rotation];
        };
        assert.deepEqual(users(), ["eu", 1, "eu_even", 0]);
        assert.deepEqual(users(2), ["eu_even", 2, "eu", 1]);
        assert.deepEqual(users(3), ["eu", 3, "eu_even", 2]);
        assert.deepEqual(mapOf(config({ clusters: [{ name: "eu" }] }), "push_client"), { eu: "eu", eu_even: "eu" });
    });

    it("stays as it is when a password is rotated: no pod restarts", () => {
        assert.equal(config({ clusters: [{ name: "eu", rotation: 4 }] }), config({ clusters: [{ name: "eu" }] }));
    });

    it("gives a cluster its own tenant, or the platform's, and a revoked one none", () => {
        const clusters = [{ name: "eu", tenant: "eu" }, { name: "us" }, { name: "gone", revoked: true }];
        const made = config({ clusters });
        assert.deepEqual(mapOf(made, "push_tenant"), { eu: "eu", us: "hub" });
        assert.doesNotMatch(made, /gone/);
    });

    it("counts each client by itself, by its own limits, and by what it proves itself with", () => {
        const made = config({
            clusters: [{ name: "eu", limits: { requestsPerSecond: 50 } }, { name: "us" }],
            clients: [{ name: "shop" }],
        });
        assert.deepEqual(mapOf(made, "requestsPerSecond_50"), { eu: "$http_authorization" });
        assert.deepEqual(mapOf(made, "requestsPerSecond_500"), {
            us: "$http_authorization",
            shop: "$http_authorization",
        });
        assert.deepEqual(Object.keys(mapOf(made, "concurrentRequests_200")), ["eu", "us", "shop"]);
        assert.match(made, /limit_req_zone \$requestsPerSecond_50 zone=requestsPerSecond_50:1m rate=50r\/s;/);
        assert.match(made, /limit_req zone=requestsPerSecond_50 burst=50 nodelay;/);
        assert.match(made, /limit_conn concurrentRequests_200 200;/);
        assert.match(made, /limit_req_status 429;\s+limit_conn_status 429;/);
    });

    it("takes no authorities but certificates: what stands beside them would be handed out", () => {
        const { ca } = ingestGatewaySettings.shape;
        for (const wrong of ["", "text", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]) {
            assert.ok(!ca.safeParse(wrong).success, wrong);
        }
        assert.ok(!ca.safeParse(`${AUTHORITY}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`).success);
        assert.ok(ca.safeParse(`${AUTHORITY}${AUTHORITY}`).success);
    });
});

describe("clusters that keep their signals here: the plan", () => {
    let plan: Plan;
    const secretOf = (name: string): unknown => {
        const inputs = plan.resources.find((each) => each.type.endsWith(":Secret") && each.name === name)?.inputs;
        const data = inputs?.["stringData"];
        assert.ok(isSecretMark(data));
        return data.value;
    };

    before(async () => {
        const clusters = [
            { name: "eu", tenant: "eu", rotation: 2 },
            { name: "us" },
            { name: "stolen", revoked: true, rotation: 2 },
        ];
        plan = await deployed("prod", {
            "observability:ingestGateway": JSON.stringify({ enabled: true, clusters, ca: AUTHORITY }),
            "observability:tenants": JSON.stringify({ eu: {} }),
        });
    });

    it("tells each cluster how to send, as a secret, and a revoked one nothing", () => {
        const told = plan.outputs["clusters"];
        assert.ok(isSecretMark(told));
        const url = "https://push.observability.example.com";
        assert.deepEqual(told.value, {
            eu: { url, tenant: "eu", username: "eu_even", password: "generated-push-eu_even-2", ca: AUTHORITY },
            us: { url, tenant: "prod", username: "us", password: "generated-push-us", ca: AUTHORITY },
        });
    });

    it("lets in the newest password and the one before, and has both for a state that is made anew", () => {
        const users = ["us", "eu", "eu_even"].map((user) =>
            htpasswdLine(user, `generated-push-${user}${user === "eu_even" ? "-2" : ""}`),
        );
        const { htpasswd } = secretOf("push-htpasswd") as { htpasswd: string };
        assert.deepEqual(htpasswd.trim().split("\n").sort(), users.sort());
        assert.deepEqual(Object.keys(secretOf("push-passwords") as object).sort(), ["eu", "eu_even", "us"]);
    });

    it("has no such output where no cluster sends here", async () => {
        assert.ok(!("clusters" in (await planned("prod")).outputs));
    });
});
