// SPDX-License-Identifier: Apache-2.0
// hl7_read.mjs MESSAGE: what another parser (hl7-standard) finds in the OBX segments of a message, as JSON:
// [{"type": OBX-2, "code": OBX-3.1, "value": OBX-5, "unit": OBX-6.1, "status": OBX-11}, ...].
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const HL7 = require('hl7-standard');
const message = new HL7(readFileSync(process.argv[2], 'utf8'));
message.transform();
const text = (value) => (value === undefined || value === null ? '' : typeof value === 'object' ? Object.values(value).join('^') : String(value));
const first = (segment, field) => text(segment.get(`${field}.1`)) || text(segment.get(field));
console.log(JSON.stringify(message.getSegments('OBX').map((segment) => ({
  type: text(segment.get('OBX.2')), code: first(segment, 'OBX.3'), value: text(segment.get('OBX.5')),
  unit: first(segment, 'OBX.6'), status: text(segment.get('OBX.11')),
}))));
