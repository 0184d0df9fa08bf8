import type {
    PolicyConfigSchema,
    PolicyResource,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
} from "@pulumi/policy";
import { sentence, unchecked, type Finding } from "./finding";
import { madeOf } from "./once";
import { Unchecked } from "./plain";
import { releaseOf, type Release, type Shown } from "./release";
import { demandsOn, remember, type Demands } from "./stated";

interface Exceptions {
    readonly exceptions?: readonly { readonly release: string; readonly reason: string }[];
}

/** JSON schema of one property of a policy's settings. */
export type Schema = NonNullable<PolicyConfigSchema["properties"]>[string];

interface About {
    readonly name: string;
    readonly description: string;
    readonly severity: Severity;
    /** About copies and who keeps them apart: it has nothing to say where nothing is to survive. */
    readonly ofCopies?: boolean;
    readonly properties?: Record<string, Schema>;
}

/** What people should read and no deployment is refused for, by the resource it belongs to. */
const notes = new Map<string, string[]>();

/** A policy on one release at a time. */
// The engine hands the configuration over unchecked; what it holds is the rule's to say.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function forReleases<C extends object>(
    about: About,
    rule: (release: Release, config: C) => Finding[],
): ResourceValidationPolicy {
    return {
        ...common(about),
        validateResource: (args, report) => {
            remember(args);
            const release = releaseIn({ ...args, protect: args.opts.protect });
            if (release === undefined) return;
            const config = args.getConfig<C & Demands & Exceptions>();
            const demands = demandsOn(args.urn, config);
            if (about.ofCopies === true && demands.survives === "nothing") return;
            tell(about.name, args.urn, rule(release, demands), config, report);
        },
    };
}

interface Judged extends Shown {
    readonly urn: string;
    readonly release: Release | undefined;
}

function judgedOf({ urn, type, name, props, opts }: PolicyResource): Judged {
    const shown = { type, name, props, protect: opts.protect };
    return { ...shown, urn, release: releaseIn(shown) };
}

const known = new WeakMap<object, { readonly release: Release | undefined }>();

/** What all policies read of one resource: to read it costs more than most rules do. */
function releaseIn(shown: Shown): Release | undefined {
    const made = madeOf(shown.props);
    const before = made && known.get(made);
    if (before !== undefined) return before.release;
    const release = releaseOf(shown);
    if (made !== undefined) known.set(made, { release });
    return release;
}

/** A policy on what releases are to each other. */
export function forStacks(
    about: About,
    rule: (releases: readonly Release[], shown: readonly Shown[]) => Finding[],
): StackValidationPolicy {
    return {
        ...common(about),
        validateStack: (args, report) => {
            const shown = args.resources
                .map(judgedOf)
                .filter(({ urn }) => about.ofCopies !== true || demandsOn(urn, {}).survives !== "nothing");
            const releases = shown.map(({ release }) => release).filter((release) => release !== undefined);
            tell(
                about.name,
                stackOf(args.resources),
                guarded(() => rule(releases, shown)),
                args.getConfig<Exceptions>(),
                report,
            );
        },
    };
}

/** The last policies: they print what the others could not check, and what they were told to leave out. */
export function reporters(): [ResourceValidationPolicy, StackValidationPolicy] {
    const flush = (key: string, report: (message: string) => void): void => {
        for (const note of notes.get(key) ?? []) report(note);
        notes.delete(key);
    };
    const description = "Prints what could not be checked and which exceptions were made.";
    return [
        {
            name: "unchecked-and-excepted",
            description,
            enforcementLevel: "advisory",
            validateResource: (args, report) => {
                flush(args.urn, report);
            },
        },
        {
            name: "unchecked-and-excepted-in-stack",
            description,
            enforcementLevel: "advisory",
            validateStack: (args, report) => {
                flush(stackOf(args.resources), report);
            },
        },
    ];
}

/** What names the stack in a resource's name, for notes on all of it. */
function stackOf([first]: readonly PolicyResource[]): string {
    return first?.urn.split("::").slice(0, 2).join("::") ?? "";
}

function guarded(rule: () => Finding[]): Finding[] {
    try {
        return rule();
    } catch (error) {
        if (error instanceof Unchecked) return [unchecked("stack", error.path, error.reason)];
        throw error;
    }
}

function tell(
    policy: string,
    key: string,
    findings: readonly Finding[],
    config: Exceptions,
    report: (message: string) => void,
): void {
    const said: string[] = [];
    for (const finding of findings) {
        const exception = config.exceptions?.find(({ release }) => release === finding.release);
        if (finding.kind === "unchecked") said.push(`${policy}: ${sentence(finding)}`);
        else if (exception === undefined) report(sentence(finding));
        else said.push(`${policy}: excepted, since ${exception.reason}: ${sentence(finding)}`);
    }
    if (said.length > 0) notes.set(key, [...(notes.get(key) ?? []), ...said]);
}

function common({ name, description, severity, properties = {} }: About) {
    const exceptions: Schema = {
        type: "array",
        description: "Releases that the policy leaves alone, each with a written reason; they are printed.",
        items: {
            type: "object",
            properties: { release: { type: "string" }, reason: { type: "string", minLength: 10 } },
            required: ["release", "reason"],
            additionalProperties: false,
        },
    };
    return {
        name,
        description,
        severity,
        enforcementLevel: "mandatory" as const,
        configSchema: { properties: { exceptions, ...properties } },
    };
}
