/** Fields about a component are named `component:<id>`. */
export const COMPONENT_FIELD = "component:";
