package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// The contract has every endpoint, every $ref in it leads somewhere, operation ids
// are unique, and path parameters are declared: what OpenAPI 3.1 asks of a document.
func TestOpenAPI_IsWellFormed(t *testing.T) {
	w := newWorld(t)
	for _, as := range []string{"", "wim", "olga"} {
		a := w.do(as, "GET", "/api/openapi.json", "")
		w.want(as, a, 200)
		var doc object
		a.into(t, &doc)
		if doc["openapi"] != "3.1.0" || doc["info"].(object)["title"] == "" || doc["info"].(object)["version"] == "" {
			t.Errorf("as %q: the head is %v, %v", as, doc["openapi"], doc["info"])
		}
		paths := doc["paths"].(object)
		for _, r := range w.server.Routes() {
			e := endpoint{path: r.Path}
			item, _ := paths[e.template()].(object)
			if item[strings.ToLower(r.Method)] == nil {
				t.Errorf("as %q: %s %s is not in the contract", as, r.Method, r.Path)
			}
		}
		ids := map[string]bool{}
		for path, item := range paths {
			for method, v := range item.(object) {
				checkOperation(t, path, method, v.(object), ids)
			}
		}
		schemas := doc["components"].(object)["schemas"].(object)
		walk(doc, "", func(at string, o object) {
			ref, is := o["$ref"].(string)
			if !is || strings.Contains(at, ".value/") { // inside a type: its own
				return
			}
			name, ours := strings.CutPrefix(ref, "#/components/schemas/")
			if !ours || schemas[name] == nil {
				t.Errorf("as %q: %s: $ref %q leads nowhere", as, at, ref)
			}
		})
		if typed := paths["/api/order/{id}"] != nil; typed != (as != "") {
			t.Errorf("as %q: the type's part is there: %v", as, typed)
		}
		if strings.Contains(a.body, `"price"`) != (as == "olga") {
			t.Errorf("as %q: the hidden price shows: %v", as, as != "olga")
		}
	}
}

func checkOperation(t *testing.T, path, method string, o object, ids map[string]bool) {
	t.Helper()
	id, _ := o["operationId"].(string)
	if id == "" || ids[id] {
		t.Errorf("%s %s: operationId %q is missing or twice", method, path, id)
	}
	ids[id] = true
	if o["summary"] == "" || o["responses"].(object)["default"] == nil || len(o["responses"].(object)) < 2 {
		t.Errorf("%s %s: no summary or no answers", method, path)
	}
	declared := map[string]bool{}
	list, _ := o["parameters"].([]any)
	for _, v := range list {
		p := v.(object)
		if p["in"] == "path" {
			declared["{"+p["name"].(string)+"}"] = true
		} else if p["description"] == "" {
			t.Errorf("%s %s: parameter %v says nothing", method, path, p["name"])
		}
	}
	for segment := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(segment, "{") != declared[segment] {
			t.Errorf("%s %s: %s is not declared", method, path, segment)
		}
	}
}

// walk calls f for every object of a document.
func walk(v any, at string, f func(at string, o object)) {
	switch v := v.(type) {
	case object:
		f(at, v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			walk(v[key], at+"/"+key, f)
		}
	case []any:
		for i := range v {
			walk(v[i], fmt.Sprintf("%s/%d", at, i), f)
		}
	}
}

// The type's own shapes judge as the server does.
func TestOpenAPI_TypesShapesHold(t *testing.T) {
	w := newWorld(t)
	a := w.do("olga", "GET", "/api/openapi.json", "")
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	w.must(compiler.AddResource("https://contract.test/openapi.json", strings.NewReader(a.body)))
	create, err := compiler.Compile("https://contract.test/openapi.json#/components/schemas/order.create")
	w.must(err)
	document, err := compiler.Compile("https://contract.test/openapi.json#/components/schemas/order.document")
	w.must(err)
	for body, status := range map[string]int{
		`{"value":{"title":"Pump","parts":[{"name":"seal","qty":2}]}}`:   201,
		`{"value":{"title":"Pump","parts":[{"name":"seal","qty":"2"}]}}`: 400,
		`{"value":{"title":""}}`:          400,
		`{"value":{}}`:                    400,
		`{"value":{"title":"x"},"typ":1}`: 400,
		`{"value":{"title":"x","no":1}}`:  400,
	} {
		var v any
		w.must(json.Unmarshal([]byte(body), &v))
		answer := w.do("olga", "POST", "/api/order", body)
		w.want(body, answer, status)
		if good := create.Validate(v) == nil; good != (status == 201) {
			t.Errorf("%s: the contract says %v, the server %d", body, good, answer.status)
		}
		if answer.status == 201 {
			answer.into(t, &v)
			if err := document.Validate(v); err != nil {
				t.Errorf("%s: the answer is not the contract's document: %v", body, err)
			}
		}
	}
}
