import { CHARTS } from "../catalogue.gen";
import { has, workloadsOf } from "../catalogue/catalogue";
import { examine, show, type Check, type Finding } from "../finding";
import { at, isMap, texts } from "../plain";
import { CLUSTER_CHART, type Release } from "../release";
import type { Demands } from "../stated";

export interface SupplyConfig extends Pick<Demands, "mirrors"> {
    readonly repositories?: readonly string[];
}

/** Charts and images are those that were looked at, and pods ask for what they need. */
export function supply(release: Release, config: SupplyConfig): Finding[] {
    return examine(release, [
        ...(release.chart === CLUSTER_CHART ? [] : [version, source(config)]),
        images,
        ...workloadsOf(release).map(({ resources: path, ...workload }): Check => (r) => {
            if (!has(r, { resources: path, ...workload }) || workload.needs.some((path) => r.get(path) === false))
                return [];
            const why = "its node starves it, or it starves its node, under load";
            return ["requests.cpu", "requests.memory", "limits.memory"]
                .filter((part) => [undefined, null, ""].includes(at(r.get(path), part) as undefined))
                .map((part) => ({
                    path: `${path}.${part}`,
                    found: "absent",
                    wanted: "a quantity",
                    why,
                    setting: "the release's values",
                }));
        }),
    ]);
}

const version: Check = ({ version: found, props }) => {
    if (found !== undefined && /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(found)) return [];
    const why = "the next deployment installs whatever is newest";
    at(props, "version");
    return [
        {
            path: "version",
            found: found ?? "absent",
            wanted: "an exact version",
            why,
            setting: "the release's version",
        },
    ];
};

/** Those of the pins. */
const REPOSITORIES = CHARTS.map(({ repository }) => repository);

function source({ repositories = REPOSITORIES, mirrors = [] }: SupplyConfig): Check {
    return (release) => {
        const repo = at(release.props, "repositoryOpts.repo");
        const chart = String(at(release.props, "chart"));
        const why = "charts run with the rights of a cluster's administrator";
        const wanted = "an allowed repository or mirror";
        if (typeof repo === "string" && repo !== "") {
            if (repositories.some((each) => each.replace(/\/$/, "") === repo.replace(/\/$/, ""))) return [];
            return [{ path: "repositoryOpts.repo", found: repo, wanted, why, setting: "the policy's repositories" }];
        }
        const archive = chart.endsWith(".tgz") && !chart.includes("://");
        if (archive || mirrors.some((each) => chart.startsWith(`${each.replace(/\/$/, "")}/`))) return [];
        return [{ path: "chart", found: chart, wanted, why, setting: "the policy's mirrors" }];
    };
}

const MOVING = /^(latest|main|master|edge|nightly|stable)?$/;

const images: Check = (release) =>
    texts(release.values).flatMap(({ path, text }) => {
        const key = path.at(-1) ?? "";
        if (!["tag", "image", "imageName"].includes(key)) return [];
        const parent = at(release.values, path.slice(0, -1));
        const isTag = key === "tag" && (path.at(-2)?.toLowerCase().endsWith("image") ?? false) && isMap(parent);
        const isImage = key !== "tag" && /^[\w./:@-]+$/.test(text);
        const tag = isTag ? text : (text.split("/").at(-1)?.split(/[:@]/)[1] ?? "");
        if ((!isTag && !isImage) || !MOVING.test(tag) || (isTag && text === "")) return [];
        const why = "two pods of one workload may run different programs";
        return [
            {
                path: path.join("."),
                found: show(release, path.join("."), text),
                wanted: "an exact tag or digest",
                why,
                setting: "the release's values",
            },
        ];
    });
