import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { BucketRequest } from "../../../components/contracts/object-store";
import { accessValues } from "../../../components/object-store/minio/access-values";
import { roleKeys, type UserKeys } from "../../../components/object-store/minio/keys";

const request: BucketRequest = { store: "logs", buckets: ["chunks"] };

function rotationAt(logs: number) {
    return { root: 1, metrics: 1, logs, traces: 1, database: 1, errors: 1, readOnly: 1 };
}

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

/** Key pairs that the servers know at a number of the rotation, and the one that pods get. */
async function keysAt(number: number): Promise<{ servers: string[]; pods: string }> {
    const { users, keys } = roleKeys("minio", request, "owner", rotationAt(number), {});
    const pair = async ({ accessKeyId, secretAccessKey }: Pick<UserKeys, "accessKeyId" | "secretAccessKey">) =>
        `${await valueOf(accessKeyId)} ${secretAccessKey && (await valueOf(secretAccessKey))}`;
    const known = users.filter(({ secretAccessKey }) => secretAccessKey !== undefined);
    return { servers: await Promise.all(known.map(pair)), pods: await pair(keys) };
}

describe("MinIO's keys for a store", () => {
    before(async () => {
        await pulumi.runtime.setMocks({
            newResource: ({ name, inputs }) => {
                const { keepers } = inputs as { keepers?: { rotation: string } };
                return { id: name, state: { result: `${name}-${keepers?.rotation ?? "stays"}` } };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        });
    });

    it("are one at first: nobody holds a second", async () => {
        const { servers, pods } = await keysAt(1);
        assert.deepEqual(servers, [pods]);
    });

    it("are, after each raise by one, the new one and the one that pods have until they restart", async () => {
        let before = await keysAt(1);
        for (const number of [2, 3, 4, 5]) {
            const after = await keysAt(number);
            assert.notEqual(after.pods, before.pods);
            assert.deepEqual(after.servers, [after.pods, before.pods], `at ${number}`);
            before = after;
        }
    });

    it("do not outlive a raise by more, so that a leaked one ends at once", async () => {
        const first = await keysAt(1);
        for (const number of [3, 4]) assert.ok(!(await keysAt(number)).servers.includes(first.pods), String(number));
    });

    it("have users of the same rights, whose order no rotation turns round", () => {
        const usersAt = (number: number) =>
            accessValues([request], false, rotationAt(number), { nodeSelector: {}, tolerations: [] }).users as {
                accessKey: string;
                policy: string;
            }[];
        assert.deepEqual(
            usersAt(2).map(({ accessKey, policy }) => [accessKey, policy]),
            [
                ["$(cat /config/accessKey-logs)", "logs-rw"],
                ["$(cat /config/accessKey-logs-even)", "logs-rw"],
            ],
        );
        assert.deepEqual(usersAt(3), usersAt(2));
    });
});
