//! Digests, passwords and AES. (sprig: crypto.go)

use std::fmt::Write as _;

use aes::Aes256;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};
use gotemplate::{Call, Func, FuncError, Str, func};
use hmac::{Hmac, Mac as _};
use rand_core::RngCore as _;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::args::Uint32;
use super::random;
use super::text::base::{decode64, encode64};

pub(super) static FUNCS: &[Func] = &[
    func!("sha1sum", sha1sum),
    func!("sha256sum", sha256sum),
    func!("sha512sum", sha512sum),
    func!("adler32sum", adler32sum),
    func!("bcrypt", bcrypt),
    func!("htpasswd", htpasswd),
    func!("derivePassword", derive_password),
    func!("encryptAES", encrypt_aes),
    func!("decryptAES", decrypt_aes),
];

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// SHA-1 in hexadecimal. (crypto.go, `sha1sum`)
fn sha1sum(text: Str) -> String {
    hex(&Sha1::digest(text.as_bytes()))
}

/// SHA-256 in hexadecimal. (crypto.go, `sha256sum`)
fn sha256sum(text: Str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// SHA-512 in hexadecimal. (crypto.go, `sha512sum`)
fn sha512sum(text: Str) -> String {
    hex(&Sha512::digest(text.as_bytes()))
}

/// Adler-32 in decimal. (crypto.go, `adler32sum`)
fn adler32sum(text: Str) -> String {
    const MODULUS: u32 = 65_521;
    let (mut a, mut b) = (1u32, 0u32);
    for &byte in text.as_bytes() {
        a = (a + u32::from(byte)) % MODULUS;
        b = (b + a) % MODULUS;
    }
    (b << 16 | a).to_string()
}

/// A bcrypt hash of cost 10 with a random salt. (crypto.go, `bcrypt`)
fn bcrypt(call: &mut Call<'_>, text: Str) -> Result<String, FuncError> {
    random::slow(call)?;
    Ok(bcrypt_of(call, text.as_bytes()))
}

fn bcrypt_of(call: &Call<'_>, password: &[u8]) -> String {
    const COST: u32 = 10;
    let fail = |error: &str| format!("failed to encrypt string with bcrypt: {error}");
    if password.len() > 72 {
        return fail("bcrypt: password length exceeds 72 bytes");
    }
    let mut salt = [0; 16];
    random::of(call).0.fill_bytes(&mut salt);
    match ::bcrypt::hash_with_salt(password, COST, salt) {
        Ok(hash) => hash.format_for_version(::bcrypt::Version::TwoA),
        Err(error) => fail(&error.to_string()),
    }
}

/// A line of a password file. (crypto.go, `htpasswd`)
fn htpasswd(call: &mut Call<'_>, user: Str, password: Str) -> Result<String, FuncError> {
    if user.as_bytes().contains(&b':') {
        return Ok(format!("invalid username: {user}"));
    }
    random::slow(call)?;
    Ok(format!("{user}:{}", bcrypt_of(call, password.as_bytes())))
}

/// The templates of passwords, by their type: each letter is a set of characters.
fn password_templates(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn password_characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// A password of the Master Password algorithm. (crypto.go, `derivePassword`)
fn derive_password(
    call: &mut Call<'_>,
    counter: Uint32,
    kind: Str,
    password: Str,
    user: Str,
    site: Str,
) -> Result<Str, FuncError> {
    const SEED: &[u8] = b"com.lyndir.masterpassword";
    let Some(templates) = password_templates(kind.as_bytes()) else {
        return Ok(Str::from(format!("cannot find password template {kind}")));
    };
    random::slow(call)?;
    let length = |text: &Str| u32::try_from(text.len()).unwrap_or(0).to_be_bytes();
    let salt = [SEED, &length(&user), user.as_bytes()].concat();
    let mut key = [0; 64];
    let failed = |error: String| format!("failed to derive password: {error}");
    let params = scrypt::Params::new(15, 8, 2, 64).map_err(|e| failed(e.to_string()))?;
    scrypt::scrypt(password.as_bytes(), &salt, &params, &mut key)
        .map_err(|e| failed(e.to_string()))?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(&key).map_err(|e| failed(e.to_string()))?;
    mac.update(
        &[SEED, &length(&site), site.as_bytes(), &counter.0.to_be_bytes()].concat(),
    );
    let seed = mac.finalize().into_bytes();
    let at = |n: usize| usize::from(seed.get(n).copied().unwrap_or(0));
    let template = templates.get(at(0) % templates.len()).copied().unwrap_or_default();
    let password: Vec<u8> = template
        .bytes()
        .enumerate()
        .filter_map(|(n, class)| {
            let characters = password_characters(class);
            characters.get(at(n + 1) % characters.len()).copied()
        })
        .collect();
    Ok(Str::from(password))
}

/// A key of 32 bytes: the password, cut or filled with zeros.
fn aes_key(password: &Str) -> [u8; 32] {
    let mut key = [0; 32];
    for (byte, from) in key.iter_mut().zip(password.as_bytes()) {
        *byte = *from;
    }
    key
}

/// AES-256 in CBC with a random vector in front, in base64. (crypto.go, `encryptAES`)
fn encrypt_aes(call: &mut Call<'_>, password: Str, text: Str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let padding = 16 - text.len() % 16;
    let mut content = text.as_bytes().to_vec();
    content.extend(std::iter::repeat_n(u8::try_from(padding).unwrap_or(0), padding));
    let mut vector = [0; 16];
    random::of(call).0.fill_bytes(&mut vector);
    let cipher =
        cbc::Encryptor::<Aes256>::new(&aes_key(&password).into(), &vector.into());
    let encrypted = cipher.encrypt_padded_vec_mut::<NoPadding>(&content);
    encode64(&[vector.as_slice(), &encrypted].concat())
}

/// What `encryptAES` encrypted; Go's panics on odd input are errors.
/// (crypto.go, `decryptAES`)
fn decrypt_aes(password: Str, encrypted: Str) -> Result<Str, String> {
    const BOUNDS: &str = "runtime error: slice bounds out of range";
    if encrypted.is_empty() {
        return Ok(Str::default());
    }
    let data = decode64(encrypted.as_bytes())?;
    let Some((vector, content)) = data.split_first_chunk::<16>() else {
        let capacity = encrypted.len() / 4 * 3;
        return Err(format!("{BOUNDS} [:16] with capacity {capacity}"));
    };
    let cipher = cbc::Decryptor::<Aes256>::new(&aes_key(&password).into(), vector.into());
    let plain = cipher
        .decrypt_padded_vec_mut::<NoPadding>(content)
        .map_err(|_| "crypto/cipher: input not full blocks")?;
    let Some(&padding) = plain.last() else {
        return Err("runtime error: index out of range [-1]".to_owned());
    };
    match plain.len().checked_sub(usize::from(padding)) {
        Some(len) => Ok(Str::new(plain.get(..len).unwrap_or_default())),
        None => Err(format!("{BOUNDS} [:-{}]", usize::from(padding) - plain.len())),
    }
}
