import { accountTokens, imagePulls, images, roles } from "../../../tools/verify/checks/access";
import { literalSecrets } from "../../../tools/verify/checks/literal-secrets";
import { references } from "../../../tools/verify/checks/references";
import { podSecurity } from "../../../tools/verify/checks/pod-security";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document, workload } from "../../fixtures/verify/manifests";

const SAFE = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const POD = { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } };

function namespace(level: string | undefined): string {
    const labels = level === undefined ? {} : { "pod-security.kubernetes.io/enforce": level };
    return document({ apiVersion: "v1", kind: "Namespace", metadata: { name: "ns", labels } });
}

function pod(level: string, context: object, more: Record<string, unknown> = {}, name = "a") {
    return given(
        namespace(level) + workload({ name, container: { securityContext: context }, pod: { ...POD, ...more } }),
    );
}

describe("verify: pod-security", () => {
    it("passes pods that keep to their namespace's level", () => {
        assertClean(podSecurity, pod("restricted", SAFE));
        assertClean(
            podSecurity,
            pod("restricted", { ...SAFE, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }),
        );
        assertClean(podSecurity, pod("baseline", {}));
    });

    it("finds a namespace without a level", () => {
        assertFound(podSecurity, given(namespace(undefined)), /^Namespace\/ns: .*enforce: undefined/);
        assertFound(podSecurity, given(namespace("relaxed")), /enforce: relaxed/);
    });

    it("finds what restricted forbids, whether the pod or its container says it", () => {
        assertFound(podSecurity, pod("restricted", { ...SAFE, runAsNonRoot: false }), /may run as root/);
        assertFound(podSecurity, pod("restricted", { capabilities: SAFE.capabilities }), /may gain privileges/);
        assertFound(podSecurity, pod("restricted", { allowPrivilegeEscalation: false }), /does not drop all/);
        assertFound(podSecurity, pod("restricted", SAFE, { securityContext: { runAsNonRoot: true } }), /no seccomp/);
        const host = { volumes: [{ name: "v", nfs: { server: "a", path: "/" } }] };
        assertFound(podSecurity, pod("restricted", SAFE, host), /volume v of kind nfs/);
    });

    it("finds what no level but privileged allows, on the way in too", () => {
        assertFound(podSecurity, pod("baseline", { privileged: true }), /container main privileged/);
        assertFound(podSecurity, pod("baseline", {}, { hostNetwork: true }), /hostNetwork/);
        assertFound(podSecurity, pod("baseline", { capabilities: { add: ["SYS_ADMIN"] } }), /adds SYS_ADMIN/);
        const first = { initContainers: [{ name: "first", securityContext: { privileged: true } }] };
        assertFound(podSecurity, pod("baseline", {}, first), /container first privileged/);
    });

    it("lets only the named pods use what a privileged namespace allows", () => {
        const host = { volumes: [{ name: "root", hostPath: { path: "/" } }] };
        assertClean(podSecurity, pod("privileged", {}, host, "node-exporter"));
        assertFound(podSecurity, pod("privileged", {}, host, "other"), /other: hostPath \//);
    });
});

describe("verify: account-tokens", () => {
    const account = (token?: boolean) =>
        document({
            apiVersion: "v1",
            kind: "ServiceAccount",
            metadata: { name: "sa" },
            automountServiceAccountToken: token,
        });
    const binding = (place: string) =>
        document({
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRoleBinding",
            metadata: { name: "b" },
            subjects: [{ kind: "ServiceAccount", name: "sa", namespace: place }],
        });
    const using = (more: object = {}) => workload({ pod: { serviceAccountName: "sa", ...more } });

    it("pass where a role is bound, or where no token is mounted", () => {
        assertClean(accountTokens, given(account() + binding("ns") + using()));
        assertClean(accountTokens, given(account(false) + using()));
        assertClean(accountTokens, given(account(true) + using({ automountServiceAccountToken: false })));
    });

    it("are found where nothing is bound to the account, or to its namesake elsewhere", () => {
        assertFound(accountTokens, given(account() + using()), /a token of sa, to which no role/);
        assertFound(accountTokens, given(account() + binding("other") + using()), /a token of sa/);
        const wanted = using({ automountServiceAccountToken: true });
        assertFound(accountTokens, given(account(false) + wanted), /a token of sa/);
        assertFound(accountTokens, given(workload()), /a token of default/);
    });
});

describe("verify: roles", () => {
    const role = (rule: object, name = "r") =>
        document({
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRole",
            metadata: { name },
            rules: [rule],
        });

    it("pass where they name what they need", () => {
        assertClean(roles, given(role({ apiGroups: [""], resources: ["pods"], verbs: ["get"] })));
    });

    it("are found where they may do anything, but for the named", () => {
        const wide = { apiGroups: ["apps"], resources: ["*"], verbs: ["*"] };
        assertFound(roles, given(role(wide)), /any of resources and of verbs \(apps\/\*\)/);
        assertClean(roles, given(role(wide, "kps-operator")));
    });
});

describe("verify: literal-secrets", () => {
    const config = (text: string) =>
        given(document({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { "a.yaml": text } }));
    const env = (value: string, name = "DB_PASSWORD") => given(workload({ container: { env: [{ name, value }] } }));

    it("pass references, paths and addresses without a password", () => {
        assertClean(literalSecrets, env("$(OTHER)"));
        assertClean(literalSecrets, env("/etc/secrets/token", "API_TOKEN"));
        assertClean(
            literalSecrets,
            config("url: postgres://user:${PASSWORD}@db:5432/x\nhome: https://example.com/@a:b"),
        );
        const alloy = 'auth {\n  token = sys.env("TOKEN")\n}\nheaders = {\n  "x-api-key" = sys.env("KEY"),\n}\n';
        assertClean(literalSecrets, config(alloy));
        assertFound(literalSecrets, config(alloy.replace('sys.env("TOKEN")', '"hunter2"')), /a value of a.yaml.line 2/);
    });

    it("are found in variables, and in the text of any object", () => {
        assertFound(literalSecrets, env("hunter2"), /a value of DB_PASSWORD in container main/);
        assertFound(literalSecrets, config("url: postgres://user:hunter2@db:5432/x"), /an address with a password/);
        assertFound(literalSecrets, config("-----BEGIN RSA PRIVATE KEY-----\nMII"), /a private key/);
    });

    it("are found by their key, in a ConfigMap as in a Secret that a chart makes of values", () => {
        const store = (s3: object, kind = "ConfigMap") => {
            const text = JSON.stringify({ storage: { s3 } });
            const data = { "a.yaml": kind === "Secret" ? Buffer.from(text).toString("base64") : text };
            return given(document({ apiVersion: "v1", kind, metadata: { name: "c" }, data }));
        };
        for (const kind of ["ConfigMap", "Secret"]) {
            for (const key of ["secret_access_key", "access_key_id", "password", "secretAccessKey", "bearer_token"]) {
                assertFound(
                    literalSecrets,
                    store({ [key]: "hunter2" }, kind),
                    new RegExp(`^ns/${kind}/c: a value of a.yaml.storage.s3.${key} `),
                );
            }
            assertClean(literalSecrets, store({ secret_access_key: "${S3_KEY}", access_key_id: "" }, kind));
            assertClean(literalSecrets, store({ bearer_token_file: "/run/token", secret_name: "other" }, kind));
        }
        assertFound(literalSecrets, config("[smtp]\npassword = hunter2\n"), /a value of a.yaml.line 2/);
        assertClean(literalSecrets, config("[smtp]\npassword = $__file{/etc/smtp}\n"));
    });

    it("never show what they found", () => {
        const text = JSON.stringify(literalSecrets.run(env("hunter2")));
        const told = JSON.stringify(literalSecrets.run(config("[smtp]\npassword = hunter2\n")));
        if (`${text}${told}`.includes("hunter2")) throw new Error("the value is in the report");
    });
});

describe("verify: images", () => {
    const image = (name: string, settings = {}) => given(workload({ container: { image: name } }), settings);

    it("pass with a tag or a digest, from a known registry", () => {
        assertClean(images, image("nginx:1.31"));
        assertClean(images, image("quay.io/a/b@sha256:0123"));
        assertClean(images, image("mirror.example.com:5000/a/b:1.0", { imageRegistry: "mirror.example.com:5000" }));
    });

    it("are found without a tag, with a moving one, or from elsewhere", () => {
        assertFound(images, image("nginx"), /a tag that stays/);
        assertFound(images, image("ghcr.io/a/b:latest"), /a tag that stays/);
        assertFound(images, image("registry.example.com:5000/a/b:1"), /a registry of docker.io/);
        assertFound(images, image("docker.io/a/b:1", { imageRegistry: "mirror.example.com" }), /of mirror.example.com/);
    });
});

describe("verify: image-pulls", () => {
    const login = { imagePullSecret: { from: "secret", secretName: "login" } };
    const account = (name: string) =>
        document({
            apiVersion: "v1",
            kind: "ServiceAccount",
            metadata: { name: "default", namespace: "ns" },
            imagePullSecrets: [{ name }],
        });
    const secrets = (name: string) => workload({ name: "a", pod: { imagePullSecrets: [{ name }] } });

    it("passes pods that have the login, or get it from their account, and all where there is none", () => {
        assertClean(imagePulls, given(secrets("login"), login));
        assertClean(imagePulls, given(account("login") + workload({ name: "a" }), login));
        assertClean(imagePulls, given(workload({ name: "a" })));
    });

    it("finds pods without it, and those whose own list hides the account's", () => {
        assertFound(imagePulls, given(workload({ name: "a" }), login), /a pulls without login/);
        assertFound(imagePulls, given(account("login") + secrets("other"), login), /a pulls without login/);
    });

    it("knows the login that the program makes by its name", () => {
        const own = { imagePullSecret: { from: "settings", dockerConfigJson: '{"auths":{"a":{"auth":"b"}}}' } };
        assertClean(imagePulls, given(secrets("image-pull"), own));
    });

    it("takes a Secret for there that something else puts into every namespace, and no other", () => {
        assertClean(references, given(secrets("login"), login));
        assertFound(references, given(secrets("other"), login), /no Secret ns\/other/);
    });
});
