import { records } from "../../records";
import type { Check } from "../check";
import { nameOf, type ClusterModel } from "../cluster-model";
import type { Found } from "../finding";
import { ofContainer } from "../wiring/environment";
import { configFiles, type ConfigFile, type Reader } from "./files";
import { parseIni } from "./ini";

export const grafanaLogins: Check = {
    name: "grafana-logins",
    promise: "Nobody becomes an administrator of Grafana without a login that somebody gave to him",
    run: (model) =>
        configFiles(model)
            .files.filter(({ program, kind }) => program === "grafana" && kind === "main")
            .flatMap((file) => file.readers.flatMap((reader) => open(settingOf(model, file, reader), file))),
};

/** Value of a setting; `null` where only the cluster can tell it, undefined where nothing sets it. */
type Setting = (section: string, key: string) => string | null | undefined;

/** As Grafana reads it: a variable `GF_SECTION_KEY` counts before the file. */
function settingOf(model: ClusterModel, { text }: ConfigFile, { pods, image }: Reader): Setting {
    const container = records(pods.spec.containers).find((each) => each.image === image) ?? {};
    const variables = ofContainer(model, pods.namespace, container);
    const ini = parseIni(text);
    return (section, key) => {
        const name = `GF_${section}_${key}`.toUpperCase().replaceAll(/[.-]/g, "_");
        // An empty variable is none.
        return variables.has(name) && variables.get(name) !== "" ? variables.get(name) : ini.get(section)?.get(key);
    };
}

/** Ways in, by what Grafana takes where nothing is said: conf/defaults.ini. */
function open(setting: Setting, { holder }: ConfigFile): Found[] {
    const isTrue = (section: string, key: string) => /^(1|t|true|yes|on)$/i.test(setting(section, key) ?? "");
    const isAdmin = (section: string, key: string) => /^(grafana ?)?admin$/i.test(setting(section, key) ?? "");
    const ways: [boolean, string, string][] = [
        [
            isTrue("auth.anonymous", "enabled") && isAdmin("auth.anonymous", "org_role"),
            "auth.anonymous makes everybody who opens it an Admin",
            "auth.anonymous.enabled: false, or org_role: Viewer",
        ],
        [
            isTrue("auth.proxy", "enabled") && (setting("auth.proxy", "whitelist") ?? "") === "",
            "auth.proxy believes the header of anybody who calls it, that of admin too",
            "auth.proxy.whitelist with the proxy's addresses",
        ],
        [
            isTrue("users", "allow_sign_up") && isAdmin("users", "auto_assign_org_role"),
            "users.auto_assign_org_role makes everybody who signs up an Admin",
            "users.allow_sign_up: false, or auto_assign_org_role: Viewer",
        ],
        [
            !isTrue("security", "disable_initial_admin_creation") &&
                [undefined, "admin"].some((known) => known === setting("security", "admin_password")),
            "security.admin_password is Grafana's own, which everybody knows",
            "GF_SECURITY_ADMIN_PASSWORD from a Secret",
        ],
    ];
    return ways
        .filter(([isOpen]) => isOpen)
        .map(([, found, wanted]) => ({
            object: nameOf(holder),
            found,
            wanted,
            hint: "something under kubePrometheusStack.values.grafana changes it",
        }));
}
