package api

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// shapes are the bodies and answers of the fixed part, as JSON Schema by name. A test
// holds every live answer against them.
//
//go:embed shapes.json
var shapes []byte

// operation is what the contract says of one endpoint.
type operation struct {
	summary string
	query   []string // names of parameters
	body    string   // name of a shape, "" for none
	status  int
	shape   string // of the answer
	media   string // of an answer that is not JSON
	others  []other
}

// other is one more good answer: another status, with a shape or, for "", nothing.
type other struct {
	status int
	shape  string
}

func op(summary string) operation { return operation{summary: summary, status: fiber.StatusOK} }

func (o operation) asks(names ...string) operation { o.query = names; return o }
func (o operation) takes(shape string) operation   { o.body = shape; return o }
func (o operation) gives(shape string) operation   { o.shape = shape; return o }
func (o operation) creates(shape string) operation {
	o.status, o.shape = fiber.StatusCreated, shape
	return o
}
func (o operation) text(mediaType string) operation { o.media = mediaType; return o }
func (o operation) nothing() operation              { o.status = fiber.StatusNoContent; return o }

// or adds one more good answer.
func (o operation) or(status int, shape string) operation {
	o.others = append(slices.Clone(o.others), other{status, shape})
	return o
}

// queryHelp says what each query parameter is.
var queryHelp = map[string]string{
	"after":        "The page after this one: next of the page before.",
	"count":        "true: also count all of the list, which costs what exists.",
	"cursor":       "A place in the log, as given before. In a list: what changed since.",
	"field":        "Only what concerns this field.",
	"limit":        "How many at most, up to 1,000.",
	"search":       "Words; each must begin a word of the document.",
	"sort":         "Keys of fields, or _updated or _created, joined by commas; - in front for the other way round.",
	"state":        "live, attention, trash or any.",
	"type":         "The name of a type.",
	"subscribe":    `What of which types, as JSON: [{"type":"work-order","where":{…}}].`,
	"updatedAfter": "Only what was updated after this time, in ms since 1970 or RFC 3339. The answer has a cursor to go on with.",
	"version":      "A number; the latest when left out.",
	"where":        `A condition, as JSON: {"field":"status","is":"done"}.`,
}

// object is a JSON object in the making.
type object = map[string]any

// openapi answers with the contract: the fixed part for anybody, and the types for who
// may see them, with what is hidden from them left out.
func (a *api) openapi(c *fiber.Ctx) error {
	schemas := object{}
	if err := json.Unmarshal(shapes, &schemas); err != nil {
		return fmt.Errorf("api: shapes: %w", err)
	}
	paths := object{}
	for _, e := range a.endpoints() {
		addOperation(paths, e.template(), &e, "", nil)
	}
	if actor, err := web.Actor(c); err == nil {
		types, err := a.engine.Types(c.UserContext(), actor)
		if err != nil {
			return err
		}
		for _, t := range types {
			if err := a.addType(paths, schemas, t); err != nil {
				return err
			}
		}
	}
	return answer(c, object{
		"openapi":           "3.1.0",
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info":              object{"title": "fieldstack", "version": a.options.Version},
		"paths":             paths,
		"components": object{
			"schemas": schemas,
			"securitySchemes": object{
				"token":   object{"type": "http", "scheme": "bearer"},
				"session": object{"type": "apiKey", "in": "cookie", "name": "fieldstack"},
			},
		},
	})
}

// addOperation adds an endpoint under a path. With a type's name, "{type}" in it is
// that name and the shapes of documents are the type's own.
func addOperation(paths object, path string, e *endpoint, typ string, shapeOf map[string]string) {
	o := e.contract
	operation := object{
		"summary":     o.summary,
		"operationId": operationID(e.method, path),
		"responses":   responses(o, shapeOf),
	}
	if typ != "" {
		operation["tags"] = []string{typ}
	}
	if parameters := parameters(path, o.query); len(parameters) > 0 {
		operation["parameters"] = parameters
	}
	if o.body != "" {
		operation["requestBody"] = object{"required": o.body != "empty", "content": object{fiber.MIMEApplicationJSON: object{"schema": reference(o.body, shapeOf)}}}
	}
	if e.access != web.Public {
		operation["security"] = []object{{"token": []string{}}, {"session": []string{}}}
	}
	item, _ := paths[path].(object)
	if item == nil {
		item = object{}
		paths[path] = item
	}
	item[strings.ToLower(e.method)] = operation
}

func parameters(path string, query []string) []object {
	var list []object
	for segment := range strings.SplitSeq(path, "/") {
		if name, is := strings.CutPrefix(segment, "{"); is {
			list = append(list, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	for _, name := range query {
		list = append(list, object{"name": name, "in": "query", "description": queryHelp[name], "schema": object{"type": "string"}})
	}
	return list
}

func responses(o operation, shapeOf map[string]string) object {
	all := object{fmt.Sprint(o.status): described("Done", o.shape, shapeOf)}
	if o.media != "" {
		all[fmt.Sprint(o.status)] = object{"description": "Done", "content": object{o.media: object{"schema": object{"type": "string"}}}}
	}
	for _, other := range o.others {
		said := "Done"
		if other.status >= 400 {
			said = "Not just now"
		}
		all[fmt.Sprint(other.status)] = described(said, other.shape, shapeOf)
	}
	all["default"] = described("A mistake, in one sentence a person can act on", "error", nil)
	return all
}

// described is one answer: words, and a shape or nothing.
func described(words, shape string, shapeOf map[string]string) object {
	if shape == "" {
		return object{"description": words}
	}
	return object{"description": words, "content": object{fiber.MIMEApplicationJSON: object{"schema": reference(shape, shapeOf)}}}
}

func reference(shape string, shapeOf map[string]string) object {
	if own, ok := shapeOf[shape]; ok {
		shape = own
	}
	return object{"$ref": "#/components/schemas/" + shape}
}

func operationID(method, path string) string {
	return strings.ToLower(method) + strings.NewReplacer("/", ".", "{", "", "}", "").Replace(path)
}

// addType adds the paths of one type, with its own schema for values.
func (a *api) addType(paths, schemas object, t *collections.Type) error {
	value := object{}
	if err := json.Unmarshal(t.Schema.JSON(), &value); err != nil {
		return fmt.Errorf("api: schema of %s: %w", t.Name, err)
	}
	if _, named := value["$id"]; !named {
		value["$id"] = fmt.Sprintf("urn:fieldstack:%s:%d", t.Name, t.Version) // so that its "#/$defs/…" are its own
	}
	valueName, documentName, writeName := t.Name+".value", t.Name+".document", t.Name+".create"
	schemas[valueName] = value
	// A document is kept when today's schema finds something wrong with it, and says so.
	schemas[documentName] = object{
		"allOf": []object{reference("document", nil)},
		"anyOf": []object{{"properties": object{"value": reference(valueName, nil)}}, {"required": []string{"problems"}}},
	}
	schemas[writeName] = object{"anyOf": []object{
		{"allOf": []object{reference("createOne", nil)}, "properties": object{"value": reference(valueName, nil)}, "required": []string{"value"}},
		reference("batch", nil),
	}}
	shapeOf := map[string]string{"document": documentName, "create": writeName}
	for _, e := range a.endpoints() {
		if strings.HasPrefix(e.path, "/api/:type") {
			path := strings.Replace(e.template(), "{type}", t.Name, 1)
			addOperation(paths, path, &e, t.Name, shapeOf)
		}
	}
	return nil
}
