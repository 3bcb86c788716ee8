package collections

import (
	"context"
	"errors"
	"fmt"
)

// Get reads one document; NotFound also for one in the trash unless the actor may see it.
func (e *Engine) Get(ctx context.Context, a Actor, typ, id string) (*Document, error) {
	g, err := e.grant(a, typ)
	if err != nil {
		return nil, err
	}
	return e.get(ctx, g, typ, id)
}

// get is Get for a grant on the type that the caller has.
func (e *Engine) get(ctx context.Context, g *Grant, typ, id string) (*Document, error) {
	record, err := e.store.Record(ctx, typ, id)
	if errors.Is(err, ErrNotFound) {
		return nil, notFound(id)
	}
	if err != nil {
		return nil, fmt.Errorf("collections: read %s/%s: %w", typ, id, err)
	}
	d, err := e.documentOf(record, g)
	if d == nil && err == nil {
		return nil, notFound(id)
	}
	return d, err
}
