import { UNKNOWN_TEXT } from "../../plan/engine";
import { records } from "../../records";
import { PROGRAM, type RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import { nameOf } from "../cluster-model";
import type { Found } from "../finding";
import type { Pods } from "../pods";
import { keyed } from "../wiring/mentions";
import { textsOf, type Text } from "../wiring/texts";

export const literalSecrets: Check = {
    name: "literal-secrets",
    promise: "Keys and passwords stand in Secrets alone: not in variables, arguments or ConfigMaps",
    run: (model) => [
        ...model.objects.filter(({ object }) => object.kind !== "Secret").flatMap(written),
        ...model.pods.flatMap(variables),
        ...model.objects.flatMap((each) => keys(each).map(({ path }) => leak(each, `a value of ${path.join(".")}`))),
    ],
};

/** Forms that are secrets wherever they stand. */
const FORMS: readonly [RegExp, string][] = [
    [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
    [/[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'${}<>]+:[^\s/@"'${}<>*]+@[a-z0-9]/i, "an address with a password"],
    [/\bAKIA[0-9A-Z]{16}\b/, "an AWS access key"],
];

function written(each: RenderedObject): Found[] {
    // Definitions hold examples in their descriptions.
    if (each.object.kind === "CustomResourceDefinition") return [];
    const text = JSON.stringify(each.object);
    return FORMS.filter(([form]) => form.test(text)).map(([, what]) => leak(each, what));
}

/** Last word of the names of keys whose value is a credential, in whatever way the words are joined. */
const KEY_NAME =
    /(^|[_.-])(password|passwd|passphrase|secret|token|api_?key|(secret_?)?access_?key(_?id)?|secret_?key|private_?key)$/i;
const KEY_CAMEL = /[a-z](Password|ClientSecret|AccessToken|ApiKey|AccessKey(Id)?|SecretKey|PrivateKey)$/;

/** Keys that end so and hold the name of a Secret, whoever reads them. */
const NAMES_ONE = ["cnpg.io/pluginClientSecret", "cnpg.io/pluginServerSecret"];

/**
 * Keys in what programs are told. A chart's Secret counts too where it is made of values: these stand in Helm's history and
 * in the stack's state. What the program makes itself it takes from encrypted settings.
 */
function keys(each: RenderedObject): Text[] {
    if (each.object.kind === "Secret" && each.release === PROGRAM) return [];
    return textsOf(each).filter((text) => {
        // Variables are looked at as containers have them, those of an operator's containers too.
        if (text.path.includes("env") || NAMES_ONE.includes(text.path.at(-1) ?? "")) return false;
        const { key, value } = keyed(text);
        return (KEY_NAME.test(key) || KEY_CAMEL.test(key)) && isGiven(value);
    });
}

/** What Alloy reads of its environment. */
const FROM_ENVIRONMENT = /^sys\.env\("\w+"\),?$/;

/** A reference to a variable, a template, a path and what is masked are none. */
function isGiven(value: string): boolean {
    const bare = value.trim().replace(/^(["'`])(.*)\1;?$/, "$2");
    if (FROM_ENVIRONMENT.test(bare)) return false;
    return bare !== "" && !/^[$/<]|\{\{|^(true|false|null|nil)$|__file\{/.test(bare) && !bare.includes(UNKNOWN_TEXT);
}

const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|ACCESS_KEY|PRIVATE_KEY|API_KEY)$/;

function variables(pods: Pods): Found[] {
    return [...records(pods.spec.initContainers), ...records(pods.spec.containers)].flatMap(({ env, name }) =>
        records(env)
            .filter(({ name: key, value }) => SECRET_NAME.test(String(key)) && isLiteral(value))
            .map(({ name: key }) => leak(pods.owner, `a value of ${String(key)} in container ${String(name)}`)),
    );
}

/** A reference to another variable and a path are none. */
function isLiteral(value: unknown): boolean {
    return typeof value === "string" && value !== "" && !/^\$\(|^\$\{|^\//.test(value);
}

function leak(each: RenderedObject, what: string): Found {
    const hint = "put it into a Secret and refer to that: whoever may read pods reads this too";
    return { object: nameOf(each), found: what, wanted: "a reference to a Secret", hint };
}
