package collections

import (
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// traits are the fields of a version about which the server alone has the word.
type traits struct {
	serials []schema.Field // x-serial
	uniques []schema.Field // x-unique
	refs    []schema.Field // x-ref, also inside rows
}

// traits gives those of a version; none where there is no such version.
func (c *committer) traits(typ string, version int) *traits {
	t := c.e.reg.version(typ, version)
	if t == nil {
		return &traits{}
	}
	if found := c.known[t]; found != nil {
		return found
	}
	found := &traits{}
	for _, f := range t.Schema.Fields() {
		single := !slices.Contains(f.Path, "*")
		if f.Serial != "" && single {
			found.serials = append(found.serials, f)
		}
		if f.Unique && single {
			found.uniques = append(found.uniques, f)
		}
		if f.Reference != "" {
			found.refs = append(found.refs, f)
		}
	}
	c.known[t] = found
	return found
}

// latestTraits gives those of the latest version.
func (c *committer) latestTraits(typ string) *traits {
	if t := c.e.reg.latest(typ); t != nil {
		return c.traits(typ, t.Version)
	}
	return &traits{}
}

// isUnique reports whether the version says that the field is unique.
func (c *committer) isUnique(typ string, version int, path []string) bool {
	return slices.ContainsFunc(c.traits(typ, version).uniques, func(f schema.Field) bool { return slices.Equal(f.Path, path) })
}

// valuesAt gives what is at a path of a value; "*" stands for every row and every key.
// Absent and null are left out.
func valuesAt(value any, path []string) []any {
	if len(path) == 0 {
		if value == nil {
			return nil
		}
		return []any{value}
	}
	var found []any
	switch v := value.(type) {
	case map[string]any:
		if path[0] != "*" {
			return valuesAt(v[path[0]], path[1:])
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			found = append(found, valuesAt(v[key], path[1:])...)
		}
	case []any:
		if path[0] == "*" {
			for _, row := range v {
				found = append(found, valuesAt(row, path[1:])...)
			}
		}
	}
	return found
}
