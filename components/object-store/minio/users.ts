import type { BucketRequest, StoreRole } from "../../contracts/object-store";
import type { UserName } from "./names";
import type { MinioSettings } from "./settings";

/** What a user is for: `owner` is the store itself, `reader` copies its buckets to elsewhere. */
export type Role = "owner" | "reader";

/** A user of the servers, and so a key pair. */
export interface User {
    readonly name: UserName;
    readonly store: StoreRole;
    readonly role: Role;
    /** Number of the rotation that its secret key is made for; 0 where none has called for it yet. */
    readonly rotation: number;
}

/**
 * The two users of a store in one role, whose keys rotations renew in turn: a new secret key goes to the one, and the
 * other keeps the key before it, which pods have until they restart. Raised by one, the number makes both valid; raised
 * once more, it ends the older.
 */
export function usersAt(
    store: StoreRole,
    role: Role,
    rotation: MinioSettings["rotation"],
): [newest: User, before: User] {
    const name = role === "owner" ? store : (`${store}-reader` as const);
    const user = (rotation: number): User => ({
        name: rotation % 2 === 1 ? name : `${name}-even`,
        store,
        role,
        rotation,
    });
    const number = role === "owner" ? rotation[store] : rotation.readOnly;
    return [user(number), user(number - 1)];
}

/** The users that the servers have; `readOnly` says whether anybody copies the buckets. */
export function usersOf(
    requests: readonly BucketRequest[],
    readOnly: boolean,
    rotation: MinioSettings["rotation"],
): User[] {
    const roles: Role[] = readOnly ? ["owner", "reader"] : ["owner"];
    return roles
        .flatMap((role) => requests.flatMap(({ store }) => byName(usersAt(store, role, rotation))))
        .filter(isMade);
}

/** Whether servers have the user: before the first raise there is no key before. */
export function isMade({ rotation }: User): boolean {
    return rotation > 0;
}

/** In an order that a rotation does not turn round. */
function byName(users: readonly User[]): User[] {
    return [...users].sort((a, b) => a.name.localeCompare(b.name));
}
