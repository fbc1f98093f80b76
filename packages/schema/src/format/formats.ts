import { dateTime } from "./calendar/date-time.ts";
import { date } from "./calendar/date.ts";
import { duration } from "./calendar/duration.ts";
import { time } from "./calendar/time.ts";
import { email } from "./network/email.ts";
import { hostname } from "./network/hostname.ts";
import { idnEmail } from "./network/idn-email.ts";
import { idnHostname } from "./network/idn-hostname.ts";
import { ipv4 } from "./network/ipv4.ts";
import { ipv6 } from "./network/ipv6.ts";
import { regex } from "./pattern/regex.ts";
import { jsonPointer } from "./pointer/json-pointer.ts";
import { relativeJsonPointer } from "./pointer/relative-json-pointer.ts";
import { iriReference } from "./resource/iri-reference.ts";
import { iri } from "./resource/iri.ts";
import { uriReference } from "./resource/uri-reference.ts";
import { uriTemplate } from "./resource/uri-template.ts";
import { uri } from "./resource/uri.ts";
import { uuid } from "./resource/uuid.ts";
import type { StringFormat } from "./string-format.ts";

/**
 * The values of `format` that are enforced, by name, in the order of JSON Schema Validation 2020-12, section 7.3.
 * A name that is not listed is an annotation.
 */
export const formats: ReadonlyMap<string, StringFormat> = new Map(
  [
    // 7.3.1 Dates, times, durations
    dateTime,
    date,
    time,
    duration,
    // 7.3.2 Email addresses
    email,
    idnEmail,
    // 7.3.3 Host names
    hostname,
    idnHostname,
    // 7.3.4 IP addresses
    ipv4,
    ipv6,
    // 7.3.5 Resource identifiers
    uri,
    uriReference,
    iri,
    iriReference,
    uuid,
    // 7.3.6 URI templates
    uriTemplate,
    // 7.3.7 JSON pointers
    jsonPointer,
    relativeJsonPointer,
    // 7.3.8 Regular expressions
    regex,
  ].map((format) => [format.name, format]),
);
