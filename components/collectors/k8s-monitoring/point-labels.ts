/** Attributes of a point that the chart would make attributes of its resource: they would be missing on the series. */
export const AS_LABELS = {
    service_name: "",
    service_namespace: "",
    deployment_environment_name: "",
    deployment_environment: "",
};
