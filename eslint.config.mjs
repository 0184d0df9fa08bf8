import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["node_modules/", "**/*.gen.ts", "**/*.mjs", "**/*.js", "dist/"] },
    js.configs.recommended,
    ...tseslint.configs.strictTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "max-lines": ["error", { max: 400 }],
            // A ComponentResource or Release is made for its effect on the engine.
            "no-new": "off",
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
        },
    },
    {
        // Its own tsconfig.json is for Pulumi's analyzer, and resolves nothing.
        files: ["provider/**"],
        languageOptions: { parserOptions: { projectService: false, project: "tsconfig.json" } },
    },
    {
        // How fast a machine is says nothing about the program: .mocharc.json has the one bound, 0 takes it away.
        files: ["test/**"],
        ignores: ["test/e2e/**"],
        rules: {
            "no-restricted-syntax": [
                "error",
                {
                    selector: "CallExpression[callee.property.name='timeout'][arguments.0.value!=0]",
                    message: "Leave the bound to .mocharc.json.",
                },
                {
                    selector: "Identifier[name='setTimeout']",
                    message: "Wait for what is to happen, not for a time.",
                },
            ],
        },
    },
    prettier,
);
