package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// contract holds live answers against what /api/openapi.json says of them.
type contract struct {
	endpoints []endpoint
	text      []byte

	mu     sync.Mutex // guards shapes
	shapes map[string]*jsonschema.Schema
}

func newContract(t testing.TB, w *world) *contract {
	t.Helper()
	a := &api{engine: w.engine, accounts: w.accounts, server: w.server}
	text, err := json.Marshal(object{"components": object{"schemas": json.RawMessage(shapes)}})
	if err != nil {
		t.Fatal(err)
	}
	return &contract{endpoints: a.endpoints(), text: text, shapes: map[string]*jsonschema.Schema{}}
}

// shape compiles one shape.
func (k *contract) shape(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.shapes[name]; s != nil {
		return s
	}
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	if err := compiler.AddResource("https://contract.test/openapi.json", strings.NewReader(string(k.text))); err != nil {
		t.Fatal(err)
	}
	s, err := compiler.Compile("https://contract.test/openapi.json#/components/schemas/" + name)
	if err != nil {
		t.Fatalf("shape %s: %v", name, err)
	}
	k.shapes[name] = s
	return s
}

// check fails the test when an answer is not what the contract says.
func (k *contract) check(t testing.TB, method, path string, a answered) {
	t.Helper()
	if err := k.judge(t, method, path, a); err != nil {
		t.Errorf("%s %s breaks the contract: %v\n%d %s", method, path, err, a.status, a.body)
	}
}

func (k *contract) judge(t testing.TB, method, path string, a answered) error {
	t.Helper()
	if a.status == 304 || method == "HEAD" {
		return nil
	}
	shape := "error"
	if a.status < 400 || strings.HasPrefix(path, "/readyz") {
		e := k.find(method, path)
		if e == nil {
			return errors.New("no endpoint of the table is there")
		}
		if e.contract.media != "" {
			return nil
		}
		known := append([]other{{e.contract.status, e.contract.shape}}, e.contract.others...)
		i := slices.IndexFunc(known, func(o other) bool { return o.status == a.status })
		if i < 0 {
			return fmt.Errorf("status %d is not in it", a.status)
		}
		if shape = known[i].shape; shape == "" {
			if a.body != "" {
				return errors.New("there should be no body")
			}
			return nil
		}
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		return fmt.Errorf("Content-Type is %q", got)
	}
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		return err
	}
	return k.shape(t, shape).Validate(v)
}

// find gives the endpoint a path belongs to.
func (k *contract) find(method, path string) *endpoint {
	path, _, _ = strings.Cut(path, "?")
	segments := strings.Split(path, "/")
	for i := range k.endpoints {
		e := &k.endpoints[i]
		own := strings.Split(e.path, "/")
		fits := e.method == method && len(own) == len(segments)
		for j := 0; fits && j < len(own); j++ {
			fits = own[j] == segments[j] || strings.HasPrefix(own[j], ":")
		}
		if fits {
			return e
		}
	}
	return nil
}
