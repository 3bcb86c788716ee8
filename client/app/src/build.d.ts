/** What build.mjs fills in. */
declare const KEEP: { [address: string]: string }
declare const VERSION: string
