import { type Leaf, type MapShape, type Shape, OPEN, UNKNOWN, isVague, leaf, map, merge } from "./shape";

/**
 * Charts hand some keys on to the Kubernetes API as they are. Their defaults show only a few of the fields that the
 * API has, so those keys are known by their name.
 */

const QUANTITIES = map([], leaf("number", "string"));

function fields(names: string, shape: Shape = UNKNOWN): MapShape {
    return map(names.split(" ").map((name) => [name, shape] as const));
}

function together(...maps: MapShape[]): MapShape {
    return map(maps.flatMap((each) => [...each.fields]));
}

const RESOURCES = map([
    ["limits", QUANTITIES],
    ["requests", QUANTITIES],
    ["claims", UNKNOWN],
]);

const SECURITY_CONTEXT = together(
    fields("allowPrivilegeEscalation privileged readOnlyRootFilesystem runAsNonRoot", leaf("boolean")),
    fields("fsGroup runAsGroup runAsUser", leaf("number")),
    fields("fsGroupChangePolicy procMount supplementalGroupsPolicy", leaf("string")),
    fields("appArmorProfile capabilities seLinuxOptions seccompProfile windowsOptions", OPEN),
    fields("supplementalGroups sysctls"),
);

const PROBE = together(
    fields(
        "failureThreshold initialDelaySeconds periodSeconds successThreshold terminationGracePeriodSeconds timeoutSeconds",
        leaf("number"),
    ),
    fields("exec grpc httpGet tcpSocket", OPEN),
);

const AFFINITY = fields("nodeAffinity podAffinity podAntiAffinity", OPEN);

/** A map in most charts, a mere word in some. */
const STRATEGY = /^(updateStrategy|deploymentStrategy|strategy)$/;

const BY_NAME: readonly (readonly [RegExp, MapShape])[] = [
    [/^resources$/, RESOURCES],
    [/^(pod|container)?securityContext$/i, SECURITY_CONTEXT],
    [/^(custom)?(liveness|readiness|startup)Probe$/i, PROBE],
    [/^affinity$/, AFFINITY],
    [/^(rollingUpdate)$/, fields("maxSurge maxUnavailable partition", leaf("number", "string"))],
    [STRATEGY, together(fields("type", leaf("string")), fields("rollingUpdate", OPEN))],
];

/** Maps whose keys are always the user's. */
const OPEN_NAMES = /(annotations|labels|selector|dnsConfig|lifecycle|tlsConfig|(max|min)Allowed)$/i;

/** Environment variables by name; where the default is a list, it stays one. */
const ENVIRONMENT = /env$/i;

/** Numbers to the API that may be written as text too (a percentage, a unit, a port's name). */
const NUMBER_OR_TEXT = /^(maxSurge|maxUnavailable|minAvailable|cpu|memory|ephemeral-storage|port|.*(Port|_port))$/;

/** Texts, wherever a default does not tell. */
const TEXT_NAMES = /(Override|ClassName|storageClass|existingClaim|existingSecret|interval|scrapeTimeout)$/i;

/** Gives keys that are known by their name the type that Kubernetes has for them. */
export function applyConventions(shape: Shape, name = ""): Shape {
    if (shape.kind === "list") {
        return { ...shape, element: applyConventions(shape.element) };
    }
    if (shape.kind === "leaf") {
        return leafByName(shape, name);
    }
    if (OPEN_NAMES.test(name) || ENVIRONMENT.test(name)) {
        return { ...shape, fields: new Map(), rest: UNKNOWN };
    }
    const known = mapByName(name);
    const whole = known === undefined ? shape : merge(known, shape);
    return whole.kind === "map" ? applyInside(whole) : whole;
}

function leafByName(shape: Leaf, name: string): Shape {
    if (NUMBER_OR_TEXT.test(name) && (isVague(shape) || /number|string/.test(shape.types.join()))) {
        return merge(leaf("number", "string"), shape);
    }
    // A version such as 1.31 is a text that YAML takes for a number.
    if (name === "tag" && shape.types.includes("number")) {
        return leaf("number", "string");
    }
    if (!isVague(shape) || STRATEGY.test(name)) {
        return shape;
    }
    if (OPEN_NAMES.test(name)) {
        return OPEN;
    }
    return mapByName(name) ?? (name === "enabled" ? leaf("boolean") : TEXT_NAMES.test(name) ? leaf("string") : shape);
}

function mapByName(name: string): MapShape | undefined {
    return BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
}

function applyInside(shape: MapShape): MapShape {
    return {
        ...shape,
        fields: new Map([...shape.fields].map(([key, child]) => [key, applyConventions(child, key)])),
        rest: shape.rest === undefined ? undefined : applyConventions(shape.rest),
    };
}
