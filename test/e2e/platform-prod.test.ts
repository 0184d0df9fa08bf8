import { platformTests } from "./platform";

platformTests("prod");
