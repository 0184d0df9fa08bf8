import { z } from "zod";
import type { Agreements } from "../contracts/agreements";
import type { ProgramFlags } from "../contracts/flags";
import type { BucketRequest, StoreRole } from "../contracts/object-store";
import type { System } from "../contracts/system";
import type { RoomChart } from "../kubernetes/chart-release";
import type { Survives } from "../kubernetes/placement";
import type { Workload } from "../kubernetes/workload";
import type { Needs, Room } from "../sizing/figure";
import type { Load } from "../sizing/load";
import type { PlatformSettings } from "./platform";
import type { SettingsProblem } from "./problem";
import { about, type About } from "./types";

/** Settings as they were written, before anything was looked at. */
export type Raw = Readonly<Record<string, unknown>>;

/** What one key at the top of the settings brings along. */
export interface Slice<Schema extends z.ZodType = z.ZodType> {
    readonly schema: Schema;
    /** Merged below what was written. */
    defaults(survives: Survives, given: Raw): object;
    /** What is wrong between several settings of the slice, or with what all share. */
    rules(settings: z.output<Schema>, platform: PlatformSettings): SettingsProblem[];
}

/** A schema that says by `kind` which system it is for. */
export type KindSchema = z.ZodObject<{ kind: z.ZodType<string> } & z.core.$ZodLooseShape, z.core.$strict>;

/** What a system that stands in a role is told of the stack, to tell of itself. */
export interface Around {
    /** Replicas of Prometheus, each of which scrapes and sends everything. */
    readonly prometheusReplicas: number;
}

/** One system that may stand in a role: its settings, and what the platform knows of it before it is made. */
export interface RoleKind<Schema extends KindSchema = KindSchema> extends Slice<Schema> {
    readonly kind: string;
    /** Namespaces of the system, that of the pods which use other systems first; none where it runs nothing here. */
    readonly namespaces: readonly string[];
    /** What is installed for it, in every shape that it may have; none where it runs nothing here. */
    readonly charts: readonly RoomChart[];
    /** Its workloads, in every shape that it may have; none where it runs nothing here. */
    readonly workloads: readonly Workload[];
    /** What other kinds of the role do and this one does not, each a sentence: a plan says it of the one that is chosen. */
    lacks?(settings: z.output<Schema>): readonly string[];
    /** What it tells of itself to whoever watches it; undefined where nothing of it runs in the cluster. */
    told(settings: z.output<Schema>, around: Around): System | undefined;
}

/** The limits of a tenant in a store, told in the store's own words. */
export interface TenantSlice<Schema extends z.ZodType, Settings> {
    readonly schema: Schema;
    /** Tenants that the store uses itself, with what for. */
    readonly reserved?: Readonly<Record<string, string>>;
    /** @param path where the tenant's own limits stand in the settings. */
    rules(tenant: z.output<Schema>, settings: Settings, path: string): SettingsProblem[];
    /** Pairs of tenants that the store cannot tell apart; absent where names alone tell them apart. */
    alike?(own: string, others: readonly string[]): readonly (readonly [string, string])[];
}

/** The settings of a system with data in the object store. */
export interface BucketKind<Schema extends KindSchema = KindSchema> extends RoleKind<Schema> {
    /** Names of its buckets by the path of their setting below the role's key; none where it keeps no data there. */
    buckets(settings: z.output<Schema>): Readonly<Record<string, string>>;
    /** Namespaces of other systems' pods that open its buckets as well; absent where none do. */
    opensFrom?(settings: z.output<Schema>): readonly string[];
    /** Set where its programs open buckets by key pairs alone: an object store that knows accounts instead cannot serve it. */
    readonly byKeysAlone?: true;
    /** Set where it keeps what it knows in a database of its own. */
    readonly wantsDatabase?: true;
    /** Set where its data is kept outside of the stack, which copies nothing of it. */
    readonly keptOutside?: true;
    /** Volumes that a load needs and no chart's values describe. */
    rooms?(load: Load): readonly Room[];
}

/** Buckets that stand below the key `buckets`. */
export function underBuckets(buckets: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(buckets).map(([use, bucket]) => [`buckets.${use}`, bucket]));
}

/** The settings of a store that tenants send to. */
export interface StoreKind<
    Schema extends KindSchema = KindSchema,
    TenantSchema extends z.ZodType = z.ZodType,
> extends BucketKind<Schema> {
    readonly tenant: TenantSlice<TenantSchema, z.output<Schema>>;
    /** What its program's configuration must agree with; absent where the program is set by arguments alone. */
    readonly agreements?: Agreements;
    /** What its program may be told by arguments, where it is set by them alone. */
    readonly flags?: ProgramFlags;
    /** Set where it keeps nothing in this cluster: what it takes goes on to the hub. */
    readonly sends?: boolean;
    /** What it needs for a load, in the shape that its settings give it; absent where nobody has formulas. */
    needs?(load: Load, around: Around, settings: z.output<Schema>): Needs;
}

/** The settings of an object store, which has to serve what the stores ask of it. */
export interface ObjectStoreKind<Schema extends KindSchema = KindSchema> extends RoleKind<Schema> {
    /** Its address outside of this cluster, `host:port`; undefined where it is inside. */
    endpoint(settings: z.output<Schema>): string | undefined;
    /**
     * What is wrong between the object store and what is asked of it.
     * @param copied whether every bucket is copied, by key pairs that only read.
     */
    requestRules(settings: z.output<Schema>, requests: readonly BucketRequest[], copied: boolean): SettingsProblem[];
    /** What a store's service account is annotated with to be known there; undefined where key pairs open buckets. */
    accountOf(settings: z.output<Schema>, store: StoreRole): Readonly<Record<string, string>> | undefined;
}

/** The kind that is asked for by name; the first where none is, or one that does not exist, which the schema refuses. */
export function chosenKind<Kind extends { readonly kind: string }>(
    kinds: readonly [Kind, ...Kind[]],
    name: unknown,
): Kind {
    return kinds.find(({ kind }) => kind === name) ?? kinds[0];
}

type SchemasOf<Kinds extends readonly RoleKind[]> = { -readonly [I in keyof Kinds]: Kinds[I]["schema"] };

/**
 * A role as a slice: one of its kinds, told apart by `kind`. Keys of a kind that is not chosen are refused, as every
 * unknown key is.
 */
export function roleSlice<const Kinds extends readonly [RoleKind, ...RoleKind[]]>(
    kinds: Kinds,
    meaning: About,
): Slice<z.ZodDiscriminatedUnion<SchemasOf<Kinds>, "kind">> {
    const [first] = kinds;
    const schemas = kinds.map(({ schema }) => schema) as SchemasOf<Kinds>;
    const allowed = `kind: ${kinds.map(({ kind }) => kind).join(" or ")}`;
    return {
        schema: z.discriminatedUnion("kind", schemas as unknown as [KindSchema, ...KindSchema[]]).register(about, {
            allowed,
            example: `{ kind: ${first.kind} }`,
            ...meaning,
        }) as unknown as z.ZodDiscriminatedUnion<SchemasOf<Kinds>, "kind">,
        defaults: (survives, given) => {
            const chosen = chosenKind<RoleKind>(kinds, given.kind);
            return { kind: chosen.kind, ...chosen.defaults(survives, given) };
        },
        rules: (settings, platform) =>
            chosenKind<RoleKind>(kinds, (settings as { kind: string }).kind).rules(settings, platform),
    };
}
