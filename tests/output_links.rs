//! Links in the tree never lead a write, a removal or a comparison out of it.
#![cfg(unix)]

use std::os::unix::fs::symlink;

use crate::fixture::Repo;

const CENTRAL: &str = "rendered/cluster-01-central/web";

/// A fleet that was built, and a folder outside of it with a file in it.
fn built() -> (Repo, Repo) {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    (repo, Repo::new(&[("precious.yaml", "precious"), (".staging/kept", "kept")]))
}

fn refused(repo: &Repo, elsewhere: &Repo, words: &str) {
    let before = elsewhere.files(".");
    repo.run(&["build"]).exits(2).says(&[words, "is a link", "remove the link"]);
    assert_eq!(elsewhere.files("."), before);
}

#[test]
fn a_link_below_a_component_is_not_followed_to_a_file_that_a_list_names() {
    let (repo, elsewhere) = built();
    symlink(elsewhere.path(), repo.at(&format!("{CENTRAL}/sub"))).unwrap();
    let list = "rendered/.thanos-gitops/cluster-01-central/web.list";
    let owned = repo.read(list) + "cluster-01-central/web/sub/precious.yaml\n";
    repo.write(list, &owned);
    // The rest of a build that fails is not begun.
    let config = repo.read("base/web/config.yaml").replace("one", "uno");
    repo.write("base/web/config.yaml", &config);
    let before = repo.files("rendered");
    refused(&repo, &elsewhere, "`rendered/cluster-01-central/web/sub`");
    assert_eq!(repo.files("rendered"), before);
}

#[test]
fn the_folder_of_lists_is_no_link() {
    let (repo, elsewhere) = built();
    std::fs::remove_dir_all(repo.at("rendered/.thanos-gitops")).unwrap();
    symlink(elsewhere.path(), repo.at("rendered/.thanos-gitops")).unwrap();
    refused(&repo, &elsewhere, "`rendered/.thanos-gitops`");
    std::fs::remove_file(repo.at("rendered/.thanos-gitops")).unwrap();
    for inside in [".staging", ".lock", "cluster-01-central"] {
        std::fs::create_dir_all(repo.at("rendered/.thanos-gitops")).unwrap();
        let link = format!("rendered/.thanos-gitops/{inside}");
        symlink(elsewhere.path(), repo.at(&link)).unwrap();
        refused(&repo, &elsewhere, &format!("`{link}`"));
        repo.remove(&link);
    }
}

#[test]
fn neither_the_output_nor_a_cluster_or_file_of_it_is_a_link() {
    for link in ["rendered", "rendered/cluster-01-central", CENTRAL] {
        let (repo, elsewhere) = built();
        std::fs::remove_dir_all(repo.at(link)).unwrap();
        symlink(elsewhere.path(), repo.at(link)).unwrap();
        refused(&repo, &elsewhere, &format!("`{link}`"));
    }
    let (repo, elsewhere) = built();
    let file = format!("{CENTRAL}/central_configmap_web.yaml");
    repo.remove(&file);
    symlink(elsewhere.at("precious.yaml"), repo.at(&file)).unwrap();
    refused(&repo, &elsewhere, &format!("`{file}`"));
}

#[test]
fn a_folder_that_a_person_names_may_be_a_link() {
    let (repo, elsewhere) = built();
    symlink(elsewhere.path(), repo.at("out")).unwrap();
    let edge = "overlays/cluster-02-edge/web";
    repo.run(&["render", "-o", "out", edge]).exits(0);
    assert!(elsewhere.read("v1_service_web.yaml").contains("kind: Service"));
    // A file at the end of a link is written where it is.
    symlink(elsewhere.at("precious.yaml"), repo.at("one.yaml")).unwrap();
    repo.run(&["render", "-o", "one.yaml", edge]).exits(0);
    assert!(repo.at("one.yaml").is_symlink());
    assert!(elsewhere.read("precious.yaml").contains("kind: Service"));
}
