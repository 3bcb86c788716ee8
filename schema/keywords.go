package schema

// kind is what a keyword of JSON Schema 2020-12 holds.
type kind int

const (
	aSchema     kind = iota + 1
	someSchemas      // a list of at least one schema
	schemaNames      // schemas by name
	aString
	aBoolean
	aNumber
	aPositive // a number above zero
	aCount    // a whole number from zero
	someStrings
	stringNames // lists of strings by name
	someTypes   // a type, or a list of types
	someValues  // a list of at least one value
	aPattern
	aFormat
	aReference
	anything
	aMerge  // x-merge
	aSerial // x-serial
	aType   // x-ref: the name of a type
	aWhen   // x-when: a condition
)

// keywords are the words a type's schema may use: all of 2020-12 but what could load
// something ($dynamicRef, $vocabulary), and our own annotations.
//
// Everything here means the same to jsonschema/v5 and to client/js/src/schema.
var keywords = map[string]kind{
	"$schema": aString, "$id": aString, "$anchor": aString, "$comment": aString,
	"$ref": aReference, "$defs": schemaNames,

	"allOf": someSchemas, "anyOf": someSchemas, "oneOf": someSchemas, "not": aSchema,
	"if": aSchema, "then": aSchema, "else": aSchema, "dependentSchemas": schemaNames,

	"properties": schemaNames, "patternProperties": schemaNames,
	"additionalProperties": aSchema, "unevaluatedProperties": aSchema, "propertyNames": aSchema,
	"prefixItems": someSchemas, "items": aSchema, "contains": aSchema, "unevaluatedItems": aSchema,

	"type": someTypes, "enum": someValues, "const": anything,
	"multipleOf": aPositive, "maximum": aNumber, "exclusiveMaximum": aNumber,
	"minimum": aNumber, "exclusiveMinimum": aNumber,
	"maxLength": aCount, "minLength": aCount, "pattern": aPattern,
	"maxItems": aCount, "minItems": aCount, "uniqueItems": aBoolean,
	"maxContains": aCount, "minContains": aCount,
	"maxProperties": aCount, "minProperties": aCount,
	"required": someStrings, "dependentRequired": stringNames,
	"format": aFormat,

	"contentEncoding": aString, "contentMediaType": aString, "contentSchema": aSchema,
	"title": aString, "description": aString, "default": anything, "deprecated": aBoolean,
	"readOnly": aBoolean, "writeOnly": aBoolean, "examples": anything,

	"x-merge": aMerge, "x-atomic": aBoolean, "x-serial": aSerial, "x-unique": aBoolean, "x-index": aBoolean,
	"x-ref": aType, "x-order": someStrings, "x-when": aWhen, "x-section": aString,
	"x-error": aString, "x-input": aString, "x-unit": aString, "x-required-when": aWhen, "x-sections": someStrings, "x-tray": anything, "x-icon": aString,
}

// refusedKeywords are standard words that a type may not use, with the way out.
var refusedKeywords = map[string]Sentence{
	"$dynamicRef":      Says(`Use "$ref" to a schema in "$defs".`),
	"$dynamicAnchor":   Says(`Use "$anchor", or a schema in "$defs".`),
	"$recursiveRef":    Says(`Use "$ref".`),
	"$recursiveAnchor": Says(`Leave it out and use "$ref".`),
	"$vocabulary":      Says(`Leave it out: a type uses the standard vocabulary.`),
	"definitions":      Says(`In 2020-12 it is called "$defs".`),
	"dependencies":     Says(`In 2020-12 it is "dependentRequired" (lists of keys) or "dependentSchemas" (schemas).`),
	"additionalItems":  Says(`In 2020-12 it is "items", beside "prefixItems".`),
	"id":               Says(`In 2020-12 it is "$id".`),
	"divisibleBy":      Says(`In 2020-12 it is "multipleOf".`),
	"extends":          Says(`In 2020-12 it is "allOf".`),
	"disallow":         Says(`In 2020-12 it is "not".`),
}

// schemaTypes are the values of "type".
var schemaTypes = []string{"array", "boolean", "integer", "null", "number", "object", "string"}
