import assert from "node:assert/strict";
import { parseSettings } from "../../components/settings";
import { parseManifests, placed } from "../../tools/render/manifests";
import type { Check } from "../../tools/verify/check";
import type { Found } from "../../tools/verify/finding";
import { worldOf, type World } from "../../tools/verify/world";

/** A world of these manifests, as if one release named `release` had brought them into the namespace `ns`. */
export function given(manifests: string, settings: Record<string, unknown> = {}): World {
    const parsed = parseSettings({ cluster: "c", domain: "a.example.com", survives: "zone", ...settings });
    assert.ok("settings" in parsed, JSON.stringify(parsed));
    return worldOf({
        plan: { resources: [], outputs: {} },
        settings: parsed.settings,
        objects: placed("release", "ns", parseManifests(manifests)),
    });
}

/** What a check found, as one text for each finding. */
export function foundBy({ run }: Check, world: World): string[] {
    return run(world).map(({ object, found, wanted }: Found) => `${object}: ${found} -> ${wanted}`);
}

/** Asserts that a check finds nothing. */
export function assertClean(check: Check, world: World): void {
    assert.deepEqual(foundBy(check, world), []);
}

/** Asserts that a check finds exactly these, each by a pattern. */
export function assertFound(check: Check, world: World, ...patterns: RegExp[]): void {
    const found = foundBy(check, world);
    assert.equal(found.length, patterns.length, found.join("\n") || "nothing was found");
    patterns.forEach((pattern, i) => {
        assert.match(found[i] ?? "", pattern);
    });
}
