import { records } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Check } from "../check";
import type { Found } from "../finding";
import { scrapesOf, targetName, type Scrape } from "../wiring/monitors";
import { nameOf, specOf, type ClusterModel } from "../cluster-model";

export const monitors: Check = {
    name: "monitors",
    promise:
        "Every monitor is read by a Prometheus and matches pods that open its port; none is scraped twice, none refused for not naming its format",
    run: (model) => {
        const scrapes = scrapesOf(model);
        const unscraped = scrapes.filter(({ scrapers }) => scrapers.length === 0).map(({ monitor }) => monitor);
        return [...scrapes.flatMap(broken), ...unread(unscraped), ...twice(scrapes), ...unnamedRefused(model)];
    },
};

function broken({ monitor, problems }: Scrape): Found[] {
    return problems.map((problem) => ({
        object: nameOf(monitor),
        ...problem,
        hint: "its metrics would be missing without an error: correct its selector or port, or leave it out",
    }));
}

function unread(objects: readonly RenderedObject[]): Found[] {
    return [...new Set(objects.map(nameOf))].map((object) => ({
        object,
        found: "no Prometheus of the stack selects it",
        wanted: "labels and a namespace that a Prometheus' selectors match",
        hint: "compare its labels with the Prometheus' selectors of its kind and of their namespaces",
    }));
}

/** Since version 3 Prometheus refuses what carries no Content-Type, unless it is told what to take it for. */
function unnamedRefused(model: ClusterModel): Found[] {
    return model
        .ofKind("Prometheus")
        .filter(({ object }) =>
            records(specOf(object).scrapeClasses).every(
                (each) => each.default !== true || each.fallbackScrapeProtocol === undefined,
            ),
        )
        .map((each) => ({
            object: nameOf(each),
            found: "no default scrape class has a fallbackScrapeProtocol",
            wanted: "PrometheusText0.0.4: exporters that send no Content-Type are down otherwise",
            hint: "`kubePrometheusStack.values` changes prometheusSpec.scrapeClasses",
        }));
}

/** The same port and path of the same pods, scraped by one Prometheus more than once. */
function twice(scrapes: readonly Scrape[]): Found[] {
    const first = new Map<string, string>();
    const found = scrapes
        .filter(({ filtered }) => !filtered)
        .flatMap(({ monitor, scrapers, targets, path }) =>
            scrapers.flatMap((scraper) =>
                targets.flatMap((target): Found[] => {
                    const key = `${nameOf(scraper.owner)} ${target.pods.name} ${targetName(target)} ${path}`;
                    const other = first.get(key);
                    if (other === undefined) {
                        first.set(key, nameOf(monitor));
                        return [];
                    }
                    return [
                        {
                            object: nameOf(monitor),
                            found: `${targetName(target)}${path} is scraped for ${other} already`,
                            wanted: "each target once: its series would be written twice, under two jobs or Services",
                            hint: "narrow one of the selectors, or switch one of the monitors off",
                        },
                    ];
                }),
            ),
        );
    return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
