import { platformTests } from "./platform";

platformTests("dev");
