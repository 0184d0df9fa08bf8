/**
 * Further places that collectors send to, beside the stack's own stores. Who asks the collectors' metrics about a store
 * leaves these out, or what goes elsewhere would stand for what the store is sent.
 */
export const FURTHER = {
    /** What their names in the collectors' configuration begin with. */
    prefix: "to-",
    /** The label `exporter` of what goes there by OTLP, a regular expression of Prometheus. */
    exporter: ".+[.]to_.+",
    /** The label `component_id` of what goes there by remote write. */
    component: "prometheus[.]remote_write[.]to_.+",
} as const;
