// SPDX-License-Identifier: Apache-2.0
// fhir_to_xml.mjs BUNDLE.json...: writes BUNDLE.xml beside each, and reads it again. Prints one JSON line a bundle:
// {"equal": whether what was read is the bundle, "first": where they differ first}.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const { Fhir } = require('fhir');

// The first path at which two trees differ, or ''. The order of keys is no difference: XML has an order of its own. Nor is
// a number as text: this peer reads decimals from XML as their digits.
const difference = (a, b, path = '/') => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b || (typeof a === 'number' && typeof b === 'string' && b === String(a)) ? '' : path;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = key in a && key in b ? difference(a[key], b[key], `${path}${key}/`) : `${path}${key}`;
    if (found) {
      return found;
    }
  }
  return '';
};

const fhir = new Fhir();
for (const path of process.argv.slice(2)) {
  const bundle = JSON.parse(readFileSync(path, 'utf8'));
  const xml = fhir.objToXml(bundle);
  writeFileSync(path.replace(/\.json$/, '.xml'), xml);
  const first = difference(bundle, fhir.xmlToObj(xml));
  console.log(JSON.stringify({ equal: first === '', first }));
}
