// Who may import whom; `npm run lint` asks for it. An import of a type counts as any other: it ties two rooms together
// just as well. `test/tools/import-rules.test.ts` shows each rule a tree that breaks it and one that does not.

const ROLES = "object-store|metrics|logs|traces|errors|database|monitoring|collectors";

/** A system's room: `$1` is its path, `$2` the role that it plays where it stands behind one. */
const SYSTEM = `^components/((${ROLES})/[^/]+|grafana|ingest-gateway|backup|signoz)/`;

/** A role's own files, beside the rooms of its kinds. */
const ROLE = `^components/(${ROLES})/[^/]+$`;

/** The library's entry: it shows to others what is inside, and nothing inside reads it. */
const LIBRARY = "^components/index\\.ts$";

const GRAFANA = "^components/grafana/";
const CHART_OF_GRAFANA = "^components/monitoring/kube-prometheus-stack/values\\.gen\\.ts$";

const SHARED = "^components/(contracts|settings|kubernetes|sizing)/";

/** What systems write their alerts and pages with. What collects those, and what crosses systems, is the platform's. */
const ALERTS = "rule|rulers|store-rules|inhibitions|object-store|log-lines/log-rule";
const DASHBOARDS = "links|panels|pods|selectors|spec";
const ENGINES = `^components/(alerts/(${ALERTS})|dashboards/(${DASHBOARDS}))\\.ts$`;

const OURS = "^(index\\.ts$|(components|examples|policies|provider|test|tools)/)";

const forbidden = (name, comment, from, to) => ({ name, severity: "error", comment, from, to });

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
    forbidden: [
        forbidden(
            "no-circle",
            "Modules of a circle are understood, tested and moved together or not at all",
            {},
            { circular: true },
        ),
        forbidden(
            "system-not-to-system",
            "A system knows of another what a contract says, so that one is replaced without the other",
            { path: SYSTEM, pathNot: GRAFANA },
            { path: SYSTEM, pathNot: "^components/$1/" },
        ),
        forbidden(
            "grafana-to-its-chart",
            "Grafana's chart is a part of another system's: it knows the type of those values and nothing else of it",
            { path: GRAFANA },
            { path: SYSTEM, pathNot: [GRAFANA, CHART_OF_GRAFANA] },
        ),
        forbidden(
            "system-to-shared-rooms",
            "A system is made of its own room, the shared rooms, its role's files and what alerts and dashboards are written with",
            { path: SYSTEM },
            { path: "^components/", pathNot: [SYSTEM, SHARED, "^components/$2/[^/]+$", ENGINES] },
        ),
        forbidden(
            "role-to-its-kinds",
            "A role chooses among its own kinds; what the others are is the platform's to know",
            { path: ROLE },
            { path: "^components/", pathNot: [SHARED, "^components/$1/"] },
        ),
        forbidden(
            "systems-by-platform",
            "One place knows every system",
            { path: "^components/", pathNot: [SYSTEM, ROLE, LIBRARY, "^components/platform/"] },
            { path: SYSTEM },
        ),
        forbidden(
            "platform-on-top",
            "What the platform is made of does not know it",
            { path: "^components/", pathNot: ["^components/platform/", LIBRARY] },
            { path: ["^components/platform/", LIBRARY] },
        ),
        forbidden(
            "program-without-tools",
            "Pulumi runs the program where nobody needs a tool, a test or a policy",
            { path: "^(components/|index\\.ts$)" },
            { path: OURS, pathNot: "^components/" },
        ),
        forbidden(
            "policies-alone",
            "The pack is installed by itself, in a folder of its own",
            { path: "^policies/" },
            { path: OURS, pathNot: "^policies/" },
        ),
        forbidden(
            "examples-alone",
            "Examples are copied out of this repository",
            { path: "^examples/" },
            { path: OURS, pathNot: "^examples/" },
        ),
        forbidden(
            "verify-by-program",
            "What the checks know of the program stands in one module; the rest they read from what is rendered",
            { path: "^tools/verify/", pathNot: "^tools/verify/program\\.ts$" },
            { path: "^components/" },
        ),
    ],
    options: {
        includeOnly: OURS,
        tsPreCompilationDeps: true,
        tsConfig: { fileName: "tsconfig.json" },
        enhancedResolveOptions: { extensions: [".ts", ".json"] },
    },
};
