package client

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// localType is the latest version of a type that this device has.
type localType struct {
	name     string
	version  int
	schema   *schema.Schema
	create   bool
	readOnly []string
}

// loadTypes reads the latest version of each type from the file. The caller holds mu.
func (d *Device) loadTypes(t *tx) error {
	return t.each(func(scan func(...any) error) error {
		var w typeWire
		var text, readOnly []byte
		if err := scan(&w.Name, &w.Version, &text, &w.Grant.Create, &readOnly); err != nil {
			return err
		}
		w.Schema = text
		if err := json.Unmarshal(readOnly, &w.Grant.ReadOnly); err != nil {
			return err
		}
		return d.keepType(w)
	}, `SELECT name, version, schema, may_create, read_only FROM types ORDER BY name, version`)
}

// learnType writes a published version into the file; it is the type's latest if it
// is newer than what the device had, or the same with another grant.
func (d *Device) learnType(t *tx, w typeWire) error {
	readOnly, err := json.Marshal(w.Grant.ReadOnly)
	if err != nil {
		return err
	}
	err = t.exec(`INSERT INTO types (name, version, schema, may_create, read_only) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (name, version) DO UPDATE SET schema = ?3, may_create = ?4, read_only = ?5`,
		w.Name, w.Version, string(w.Schema), w.Grant.Create, string(readOnly))
	if err != nil {
		return err
	}
	return d.keepType(w)
}

// keepType makes a version the latest in memory. The map is replaced, not changed, so
// that a transaction that fails can go back to the one before.
func (d *Device) keepType(w typeWire) error {
	if had := d.types[w.Name]; had != nil && had.version > w.Version {
		return nil
	}
	s, err := schema.Parse(w.Schema)
	if err != nil {
		return fmt.Errorf("client: version %d of type %s: %w", w.Version, w.Name, err)
	}
	next := make(map[string]*localType, len(d.types)+1)
	for name, had := range d.types {
		next[name] = had
	}
	next[w.Name] = &localType{name: w.Name, version: w.Version, schema: s, create: w.Grant.Create, readOnly: w.Grant.ReadOnly}
	d.types = next
	return nil
}

// Type is a type as this device has it.
type Type struct {
	Name    string
	Version int
	Schema  *schema.Schema
}

// Types lists the latest version of each type on the device, by name.
func (d *Device) Types() []Type {
	d.mu.Lock()
	defer d.mu.Unlock()
	var types []Type
	for _, t := range d.types {
		types = append(types, Type{t.name, t.version, t.schema})
	}
	slices.SortFunc(types, func(a, b Type) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return types
}
