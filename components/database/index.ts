import type * as pulumi from "@pulumi/pulumi";
import type { Database } from "../contracts/database";
import { Postgres, type PostgresArgs } from "./postgres/postgres";
import type { DatabaseSettings } from "./settings";

/** What any database is made of. */
export type DatabaseArgs = PostgresArgs;

type Make = (args: DatabaseArgs, opts: pulumi.ComponentResourceOptions) => Database;

const KINDS: Readonly<Record<DatabaseSettings["kind"], Make>> = {
    postgres: (args, opts) => new Postgres("postgres", args, opts),
};

/** The database that the settings choose. */
export const makeDatabase: Make = (args, opts) => KINDS[args.settings.kind](args, opts);
