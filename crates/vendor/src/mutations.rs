//! What servers, locks and trees may hold is anything: nothing of it makes a reader panic, or run
//! without an end.

use std::collections::BTreeSet;

use crate::charts::{Challenge, read_index};
use crate::http::Url;
use crate::{GitAddress, Lock};

/// Changes bytes, copies and cuts parts; the same for the same number.
fn mutated(seed: &[u8], number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let mut bytes = seed.to_vec();
    for _ in 0..=next(4) {
        let (from, length) = (next(bytes.len()), next(12));
        let to = (from + length).min(bytes.len());
        match next(4) {
            0 => drop(bytes.drain(from..to)),
            1 => {
                let part = bytes[from..to].to_vec();
                let at = next(bytes.len() + 1);
                bytes.splice(at..at, part);
            }
            2 => bytes.truncate(to),
            _ => {
                let odd = b"\0\t\r\n \"'#%&*-:<=>?@[\\]{|}\x7f\xc3\xff09aZ";
                if let Some(byte) = bytes.get_mut(from) {
                    *byte = odd[next(odd.len())];
                }
            }
        }
    }
    bytes
}

/// Runs `read` on many mutations of a seed, as text.
fn survives(seed: &str, read: impl Fn(&str)) {
    for number in 0..3000 {
        read(&String::from_utf8_lossy(&mutated(seed.as_bytes(), number)));
    }
}

#[test]
fn indexes() {
    let wanted = BTreeSet::from(["web".to_owned(), "a b".to_owned()]);
    let read = |text: &str| drop(read_index(text.as_bytes(), &wanted));
    survives(
        "apiVersion: v1\nentries:\n  web:\n  - version: 1.2.0\n    urls:\n    - web-1.2.0.tgz\n    \
         digest: 0abc\n    description: |\n      - text\n\n  \"a b\":\n    - {version: 1.0.0}\n",
        read,
    );
    survives(
        r#"{"apiVersion":"v1","entries":{"web":[{"version":"1.2.0","urls":["a\"b"],"x":{"y":[1]}}],
        "a b":[]},"generated":"x"}"#,
        read,
    );
}

#[test]
fn locks() {
    let text = "version: 1\ncharts:\n- name: web\n  repository: https://charts.example.com\n  \
                version: \"1.2.0\"\n  sha256: \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410\
                ff61f20015ad\"\nremotes:\n- address: github.com/org/repo?ref=v1\n  sha256: \"ba7816\
                bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"\n";
    survives(text, |text| {
        if let Ok(lock) = Lock::parse(text) {
            assert_eq!(Lock::parse(&lock.to_text()), Ok(lock), "{text}");
        }
    });
    let conflict = format!("<<<<<<< a\n{text}||||||| b\n=======\n{text}>>>>>>> c\n");
    survives(&conflict, |text| drop(Lock::parse_conflict(text)));
}

#[test]
fn addresses_and_challenges() {
    let seeds = [
        "https://user@charts.example.com:8443/a/../b//c?ref=v1&token=x#y",
        "git@git.example.com:org/repo.git//path?ref=v1",
        "http://[::1]:80/%20?a=b",
    ];
    for seed in seeds {
        survives(seed, |text| {
            let _shown = crate::shown(text);
            let _git = GitAddress::parse(text);
            if let Ok(url) = Url::parse(text) {
                let _joined = url.join(text);
                assert_eq!(Url::parse(&url.wire()), Ok(url));
            }
        });
    }
    let challenge = "Bearer realm=\"https://auth.example.com/token\",service=\"r\",scope=\"a:b:pull\"";
    survives(challenge, |text| drop(Challenge::parse(text)));
}
