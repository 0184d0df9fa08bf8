import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kept, type Place } from "../../tools/kept";

describe("what is kept by what it is made from", () => {
    let folder: string;
    let place: Place;
    let made: number;
    const make = () => Promise.resolve({ number: ++made });

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "kept-"));
        place = { folder, most: 20 };
        made = 0;
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    it("is made once from the same, and anew from anything else", async () => {
        const from = [Buffer.from("chart"), { replicas: 2 }];
        assert.deepEqual(await kept(place, from, make), { number: 1 });
        assert.deepEqual(await kept(place, [Buffer.from("chart"), { replicas: 2 }], make), { number: 1 });
        assert.deepEqual(await kept(place, [Buffer.from("chart"), { replicas: 3 }], make), { number: 2 });
        assert.deepEqual(await kept(place, [Buffer.from("chart 2"), { replicas: 2 }], make), { number: 3 });
        // What follows one part is not taken for the beginning of the next.
        assert.deepEqual(await kept(place, [Buffer.from("char"), Buffer.from("t"), { replicas: 2 }], make), {
            number: 4,
        });
    });

    it("is not what failed", async () => {
        await assert.rejects(
            kept(place, ["x"], () => Promise.reject(new Error("no chart"))),
            /no chart/,
        );
        assert.deepEqual(await kept(place, ["x"], make), { number: 1 });
    });

    it("is made anew where the disk has lost a part of it", async () => {
        assert.deepEqual(await kept(place, ["x"], make), { number: 1 });
        const [file = ""] = readdirSync(folder);
        for (const rest of ["", '{"num']) {
            writeFileSync(join(folder, file), rest);
            assert.deepEqual(await kept(place, ["x"], make), { number: made });
            assert.deepEqual(await kept(place, ["x"], make), { number: made });
        }
        assert.equal(made, 3);
    });

    it("is made each time where nothing can be kept", async () => {
        const file = join(folder, "file");
        writeFileSync(file, "");
        assert.deepEqual(await kept({ ...place, folder: join(file, "below") }, ["x"], make), { number: 1 });
        assert.deepEqual(await kept({ ...place, folder: join(file, "below") }, ["x"], make), { number: 2 });
    });

    it("does not grow without end", async () => {
        for (let index = 0; index < 30; index++) await kept(place, [index], make);
        assert.equal(readdirSync(folder).length, 20);
    });
});
