package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"text/tabwriter"
	"time"
)

// isEmpty reports whether nobody has begun to use a store: it has no account and no type.
func (s *server) isEmpty(ctx context.Context) (bool, error) {
	fresh, err := s.accounts.NeedsSetup(ctx)
	if err != nil || !fresh {
		return false, err
	}
	types, err := s.engine.Types(ctx, operator)
	return len(types) == 0, err
}

// fillDemo gives an empty store a type, records and people, over the API that anybody
// else would use, and says who they are.
func fillDemo(ctx context.Context, s *server, out io.Writer) error {
	password, err := newPassword()
	if err != nil {
		return err
	}
	token, err := s.makeOwner(ctx, "owner", password)
	if err != nil {
		return err
	}
	people := [][3]string{{"owner", "owner", password}}
	owner := newRemote(s.URL, token)
	if _, err := publish(ctx, serverTarget{owner}, sampleType, sampleSchema); err != nil {
		return err
	}
	for _, name := range []string{"anna", "ben"} {
		if password, err = newPassword(); err != nil {
			return err
		}
		account := map[string]any{"name": name, "password": password, "role": "worker"}
		if err := owner.call(ctx, http.MethodPost, "/api/_accounts", account, nil); err != nil {
			return err
		}
		people = append(people, [3]string{name, "worker", password})
	}
	if err := addSamples(ctx, owner, time.Now()); err != nil {
		return err
	}
	fmt.Fprintln(out, "Sample data: the type Work order, 60 records, and these people:")
	table := tabwriter.NewWriter(out, 0, 4, 3, ' ', 0)
	for _, p := range people {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", p[0], p[1], p[2])
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nSign in at %s/admin as owner. 'fieldstack demo' plays what devices do offline.\n\n", s.URL)
	return err
}

// addSamples enters sixty sample work orders.
func addSamples(ctx context.Context, owner *remote, today time.Time) error {
	added := make([]map[string]any, 60)
	for i := range added {
		added[i] = map[string]any{"value": sampleOrder(i+1, []string{"anna", "ben"}, today)}
	}
	return owner.call(ctx, http.MethodPost, "/api/"+sampleType, map[string]any{"added": added}, nil)
}
