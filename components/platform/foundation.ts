import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACE as BACKUP } from "../backup/names";
import type { Database } from "../contracts/database";
import type { ObjectStore } from "../contracts/object-store";
import type { Ready } from "../contracts/ready";
import { makeDatabase, makeErrorsDatabase } from "../database";
import { PrometheusOperatorCrds } from "../monitoring/kube-prometheus-stack/crds";
import { monitoringNamespaces, type MonitoringNamespaces } from "../monitoring/kube-prometheus-stack/namespaces";
import { makeObjectStore } from "../object-store";
import { made } from "../settings/make";
import { bucketRequests, keepsDatabase, keepsErrors } from "./buckets";
import { bucketNamespaces, kindOf } from "./roles";
import type { Settings } from "./settings";

/** What the stores and everything after them stand on. */
export interface Foundation {
    readonly namespaces: MonitoringNamespaces;
    /** The definitions ServiceMonitor, PrometheusRule and so on; nothing to wait for where the cluster has them. */
    readonly crds: Ready;
    /** Undefined where no role has buckets. */
    readonly objectStore: ObjectStore | undefined;
    /** Grafana's database; undefined where Grafana keeps its state in a file. */
    readonly database: Database | undefined;
    /** That of applications' errors; undefined where none are kept here. */
    readonly errorsDatabase: Database | undefined;
}

/** Namespaces, then definitions, then the object store, then the database. */
export function makeFoundation(settings: Settings, child: pulumi.ComponentResourceOptions): Foundation {
    const { platform } = settings;
    const namespaces = monitoringNamespaces(platform, child);
    const crds = settings.kubePrometheusStack.definitions
        ? new PrometheusOperatorCrds("prometheus-operator-crds", { platform, namespaces }, child)
        : { ready: [] };
    const monitoringCrds = crds.ready;

    const requests = bucketRequests(settings);
    const readOnly = settings.backup.target !== undefined;
    const objectStore =
        requests.length === 0
            ? undefined
            : makeObjectStore(
                  {
                      platform,
                      settings: settings.objectStore,
                      requests,
                      readOnly,
                      consumers: [
                          ...requests.flatMap(({ store }) => bucketNamespaces(store, settings)),
                          ...(readOnly ? [BACKUP] : []),
                      ],
                      monitoringCrds,
                  },
                  child,
              );
    const database = keepsDatabase(settings)
        ? makeDatabase({ platform, settings: settings.database, monitoringCrds, objectStore: made(objectStore) }, child)
        : undefined;
    const errorsDatabase = keepsErrors(settings)
        ? makeErrorsDatabase(
              {
                  ...{ platform, settings: settings.database, monitoringCrds, objectStore: made(objectStore) },
                  beside: database,
                  usedFrom: kindOf("errors", settings).namespaces[0] ?? "",
              },
              child,
          )
        : undefined;
    return { namespaces, crds, objectStore, database, errorsDatabase };
}
