import { createHash } from "node:crypto";
import type { ClientSettings } from "./client-settings";

/** A user of the gateway, and so a password. */
export interface User {
    readonly name: string;
    /** Number of the rotation that its password is made for; 0 where none has called for it yet. */
    readonly rotation: number;
}

/**
 * The two users of a client, whose passwords rotations renew in turn: nginx knows one password for a user. The newest goes
 * to the one, and the other keeps the password before it, which the client has until it is told. No client's own name has
 * an underscore.
 */
export function usersOf({ name, rotation = 1 }: Pick<ClientSettings, "name" | "rotation">): {
    readonly newest: User;
    readonly before: User;
} {
    const user = (rotation: number): User => ({ name: rotation % 2 === 1 ? name : `${name}_even`, rotation });
    return { newest: user(rotation), before: user(rotation - 1) };
}

/**
 * A line of nginx' user file. SHA-1 without salt is no weakness for 238 random bits, which nobody guesses, and it is
 * computed at each push, where bcrypt would cost a core for some ten pushes a second.
 */
export function htpasswdLine(user: string, password: string): string {
    return `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}`;
}
