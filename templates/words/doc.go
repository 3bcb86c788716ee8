// Package words says what the admin pages say in the reader's language.
//
// The English text is the key: a page that has no translation reads in English, and a
// template reads like the page it makes. What depends on a number, such as "%d
// records", has its forms in the catalogue of each language, English too.
//
// # Its types
//
//   - [Language]: a language that there is a catalogue of.
//   - [Say]: a text in the language that a context holds; [With] puts it there.
//
// # Laws
//
//  1. Whatever is said in code has a German text, and every German text is said
//     somewhere: a test reads the code.
//  2. A translation takes the same arguments as its key, each once or never.
//
// # Catalogues
//
// de/AREA.json is a flat object from English to German. In place of a text an object
// of plural forms ({"one": …, "other": …}, as CLDR names them) makes the text depend on
// its first number. en/AREA.json has only such objects.
package words
