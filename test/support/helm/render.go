// Renders a Helm chart as `helm template` does: Go's own templates with the functions of Sprig, and the few that Helm adds.
//
//	render CHART NAMESPACE RELEASE < VALUES
//
// VALUES are merged over the chart's own. Prints the manifests, each with its file; a failure ends with 1 and its words.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

type files string

func (root files) Get(name string) string {
	text, err := os.ReadFile(filepath.Join(string(root), name))
	if err != nil {
		return ""
	}
	return string(text)
}

type apis []string

func (known apis) Has(name string) bool {
	for _, each := range known {
		if each == name {
			return true
		}
	}
	return false
}

func read(text []byte) (map[string]interface{}, error) {
	content := map[string]interface{}{}
	err := yaml.Unmarshal(text, &content)
	return content, err
}

func merge(over, under map[string]interface{}) map[string]interface{} {
	for key, value := range over {
		below, isMap := under[key].(map[string]interface{})
		if above, ok := value.(map[string]interface{}); ok && isMap {
			under[key] = merge(above, below)
		} else {
			under[key] = value
		}
	}
	return under
}

func run(chart, namespace, release string) error {
	described, err := os.ReadFile(filepath.Join(chart, "Chart.yaml"))
	if err != nil {
		return err
	}
	about, err := read(described)
	if err != nil {
		return err
	}
	preset, err := os.ReadFile(filepath.Join(chart, "values.yaml"))
	if err != nil {
		return err
	}
	values, err := read(preset)
	if err != nil {
		return err
	}
	given, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	own, err := read(given)
	if err != nil {
		return err
	}
	data := map[string]interface{}{
		"Values":       merge(own, values),
		"Chart":        map[string]interface{}{"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
		"Release":      map[string]interface{}{"Name": release, "Namespace": namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
		"Files":        files(chart),
		"Capabilities": map[string]interface{}{"APIVersions": apis{}, "KubeVersion": map[string]interface{}{"Version": "v1.32.0"}},
	}
	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["include"] = func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := all.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	functions["tpl"] = func(text string, data interface{}) (string, error) {
		one, err := template.Must(all.Clone()).New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out bytes.Buffer
		err = one.Execute(&out, data)
		return out.String(), err
	}
	functions["required"] = func(words string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(words)
		}
		return value, nil
	}
	functions["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	functions["fromYaml"] = func(text string) (map[string]interface{}, error) { return read([]byte(text)) }
	functions["toJson"] = func(value interface{}) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}
	all.Funcs(functions)
	paths, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	if err != nil {
		return err
	}
	sort.Strings(paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := all.New(filepath.Base(path)).Parse(string(text)); err != nil {
			return err
		}
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var out bytes.Buffer
		data["Template"] = map[string]interface{}{"Name": name, "BasePath": "templates"}
		if err := all.ExecuteTemplate(&out, name, data); err != nil {
			return err
		}
		fmt.Printf("---\n# Source: %s\n%s\n", name, strings.ReplaceAll(out.String(), "<no value>", ""))
	}
	return nil
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
