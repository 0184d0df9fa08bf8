import type * as pulumi from "@pulumi/pulumi";
import type { Database } from "../contracts/database";
import type { ObjectStore } from "../contracts/object-store";
import { maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Postgres } from "./postgres/postgres";
import type { databaseKinds } from "./settings";

/** What every database is given, beside its settings. */
export interface DatabaseArgs {
    readonly platform: PlatformSettings;
    /** Keeps the archive, where there is one. */
    readonly objectStore: ObjectStore;
    /** The definition of PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** What a cluster for errors is given beside that. */
export interface ErrorsDatabaseArgs extends DatabaseArgs {
    /** Grafana's, where there is one: what runs it runs this too. */
    readonly beside: Database | undefined;
    /** Namespace of who keeps errors in it. */
    readonly usedFrom: string;
}

/** The database that the settings choose. */
export const makeDatabase = maker<typeof databaseKinds, DatabaseArgs, Database>({
    postgres: (args, opts) => new Postgres("postgres", args, opts),
});

/** A database for errors: a cluster of its own, since errors fill disks, and Grafana must not fall with them. */
export const makeErrorsDatabase = maker<typeof databaseKinds, ErrorsDatabaseArgs, Database>({
    postgres: (args, opts) => new Postgres("errors-postgres", { ...args, use: "errors" }, opts),
});
