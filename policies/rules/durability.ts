import { CHARTS } from "../catalogue.gen";
import { rulesOf } from "../charts/charts";
import { LOST } from "../charts/checks";
import { examine, type Check, type Finding } from "../finding";
import { texts } from "../plain";
import { CLUSTER_CHART, type Release } from "../release";
import type { Demands } from "../stated";

/** What owns data, or definitions that data hangs on. */
const HOLDS_DATA = new Set([CLUSTER_CHART, ...CHARTS.filter(({ holdsData }) => holdsData).map(({ chart }) => chart)]);

const guarded: Check = (release) => {
    if (!HOLDS_DATA.has(release.chart) || release.protect !== false) return [];
    const why = "one destroy, or one replacement by mistake, deletes the data";
    return [{ path: "(options) protect", found: "false", wanted: "true", why, setting: "observability:protectData" }];
};

/** Data is under the same paths that stores write to, so a memory volume mounted there is no volume. */
const inMemory: Check = (release) =>
    texts(release.values)
        .filter(
            ({ path, text }) =>
                path.at(-1) === "mountPath" &&
                /^\/(data|var\/loki|var\/tempo|usr\/share\/opensearch\/data)(\/|$)/.test(text),
        )
        .flatMap(({ path }) => {
            const name = path.slice(0, -3).join(".");
            const volumes = release.get(`${name}.extraVolumes`);
            const empty = JSON.stringify(volumes ?? null).includes('"emptyDir"');
            return empty
                ? [
                      {
                          path: `${name}.extraVolumes`,
                          found: "an emptyDir under data",
                          wanted: "a volume claim",
                          why: LOST,
                          setting: "the release's values",
                      },
                  ]
                : [];
        });

/** What is stored outlives its pod, is deleted at a chosen age only, and cannot be deleted by mistake. */
export function durability(release: Release, { protect, survives }: Demands): Finding[] {
    const { durability: own = [], queues = [] } = rulesOf(release.chart);
    const onTheWay = survives === "nothing" ? [] : queues;
    return examine(release, [...own, ...onTheWay, ...(protect === false ? [] : [guarded]), inMemory]);
}
