import { grafanaLogins } from "../../../tools/verify/configs/grafana-logins";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { configMap, deployment } from "../../fixtures/verify/wiring";

const PASSWORD = { name: "GF_SECURITY_ADMIN_PASSWORD", valueFrom: { secretKeyRef: { name: "admin", key: "p" } } };

function grafana(ini: string, env: object[] = [PASSWORD]) {
    return given(
        configMap({ "grafana.ini": ini }, "grafana") +
            deployment("grafana", [], {
                container: {
                    image: "docker.io/grafana/grafana:13.2.0",
                    env,
                    volumeMounts: [{ name: "config", mountPath: "/etc/grafana/grafana.ini", subPath: "grafana.ini" }],
                },
                pod: { volumes: [{ name: "config", configMap: { name: "grafana" } }] },
            }),
    );
}

describe("verify: grafana-logins", () => {
    it("pass a password of a Secret, and people without a login who only look", () => {
        assertClean(grafanaLogins, grafana("[server]\ndomain = a\n"));
        assertClean(grafanaLogins, grafana("[auth.anonymous]\nenabled = true\norg_role = Viewer\n"));
        assertClean(grafanaLogins, grafana("[auth.anonymous]\nenabled = false\norg_role = Admin\n"));
        assertClean(grafanaLogins, grafana("[auth.proxy]\nenabled = true\nwhitelist = 10.0.0.1\n"));
        assertClean(grafanaLogins, grafana("[auth.anonymous]\n;enabled = true\n# enabled = true\norg_role = Admin\n"));
    });

    it("find an Admin without a login, in the file and in variables", () => {
        assertFound(
            grafanaLogins,
            grafana('[auth.anonymous]\nenabled = "true"\norg_role = Admin\n'),
            /^ns\/ConfigMap\/grafana: auth.anonymous makes everybody/,
        );
        const variable = { name: "GF_AUTH_ANONYMOUS_ENABLED", value: "true" };
        assertFound(
            grafanaLogins,
            grafana("[auth.anonymous]\norg_role = Admin\n", [PASSWORD, variable]),
            /auth.anonymous/,
        );
        const off = { name: "GF_AUTH_ANONYMOUS_ENABLED", value: "false" };
        assertClean(grafanaLogins, grafana("[auth.anonymous]\nenabled = true\norg_role = Admin\n", [PASSWORD, off]));
    });

    it("find a header that anybody may send, a sign-up as Admin, and the password of every Grafana", () => {
        assertFound(grafanaLogins, grafana("[auth.proxy]\nenabled = true\n"), /auth.proxy/);
        assertFound(
            grafanaLogins,
            grafana("[users]\nallow_sign_up = true\nauto_assign_org_role = Admin\n"),
            /signs up an Admin/,
        );
        assertFound(grafanaLogins, grafana("", []), /security.admin_password is Grafana's own/);
        assertFound(grafanaLogins, grafana("[security]\nadmin_password = admin\n", []), /Grafana's own/);
        assertClean(grafanaLogins, grafana("[security]\ndisable_initial_admin_creation = true\n", []));
    });
});
