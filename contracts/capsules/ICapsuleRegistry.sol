// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

import {Earner, Units} from "../libraries/Earner.sol";

/// @notice Registry of content capsules as ERC-721 tokens: their content versions, creators and earners.
/// @dev Reading a nonexistent capsule reverts with `ERC721NonexistentToken(tokenId)` unless stated otherwise.
interface ICapsuleRegistry is IERC721Metadata {
    /// @notice The kind of resource in a capsule.
    enum Kind {
        Data,
        Model,
        Code,
        Compute,
        Agent
    }

    /// @notice Revenue roles, in order: they earn 40, 30, 20 and 10 % of a payment.
    enum Role {
        Data,
        Model,
        Compute,
        Platform
    }

    /// @notice One earner of a capsule: an account, another capsule, or the capsule's owner if both are zero.
    /// @param role Data, Model or Compute; the platform's share has no rows
    /// @param units weight of this row within its role, above 0
    /// @param account the earning account, or zero
    /// @param capsuleId the earning capsule, or 0
    struct ShareRow {
        Role role;
        uint64 units;
        address account;
        uint64 capsuleId;
    }

    /// @notice Parameters of a new capsule.
    /// @param kind kind of resource
    /// @param royaltyBps ERC-2981 royalty of the creator on sales of the token, in basis points, at most 1,000
    /// @param contentHash SHA-256 of the first version's content
    /// @param uri location of the first version's content or description, at most 2,048 bytes
    /// @param did decentralized identifier of the creator, at most 512 bytes, may be empty
    /// @param shares first share rows; a role without rows gets one row for the owner
    struct Registration {
        Kind kind;
        uint16 royaltyBps;
        bytes32 contentHash;
        string uri;
        string did;
        ShareRow[] shares;
    }

    /// @notice A capsule from which another was derived.
    /// @param capsuleId the parent
    /// @param licenseId the license that permitted the derivation
    /// @param shareBps share of the derivative's data and model revenue, basis points, by the license's terms
    struct Parent {
        uint64 capsuleId;
        uint64 licenseId;
        uint16 shareBps;
    }

    /// @notice Current state of a capsule.
    /// @param sharesBlob contract with the current share rows as its code
    /// @param kind kind of resource
    /// @param versions number of content versions, also the number of the newest
    /// @param sharesVersion current shares version, counted from 1
    /// @param parents number of capsules from which it was derived
    struct Capsule {
        address sharesBlob;
        Kind kind;
        uint32 versions;
        uint32 sharesVersion;
        uint8 parents;
    }

    error CallerNotCapsuleOwner(uint64 capsuleId, address caller);
    error ContentHashZero();
    error TextTooLong(uint256 length, uint256 maximum);
    error RoyaltyTooHigh(uint256 royaltyBps, uint256 maximum);
    error SharesTooMany(uint256 rows, uint256 maximum);
    error ShareRolePlatform(uint256 row);
    error ShareUnitsZero(uint256 row);
    error ShareBeneficiaryAmbiguous(uint256 row);
    error ShareBeneficiarySelf(uint256 row);
    error ShareBeneficiaryNonexistent(uint256 row, uint64 capsuleId);
    error ShareUnitsTooMany(Role role, uint256 units, uint256 maximum);
    error DerivativeCallerNotOwner(address owner, address caller);
    error ParentsCountInvalid(uint256 count, uint256 maximum);
    error ParentLicenseNotHeld(uint64 licenseId, address owner);
    error ParentDuplicate(uint64 capsuleId);
    error ParentsShareTooHigh(uint256 shareBps, uint256 limit);
    error CapsuleLicensesZero();
    error CapsuleLicensesAlreadySet(address licenses);
    error EarnersNonexistent(uint64 capsuleId, uint32 sharesVersion, uint256 first, uint256 count);
    error SharesVersionNonexistent(uint64 capsuleId, uint32 sharesVersion);
    error VersionNonexistent(uint64 capsuleId, uint32 version);

    /// @notice A capsule was registered. Events for its first version and shares follow.
    event CapsuleRegistered(
        uint64 indexed capsuleId,
        address indexed owner,
        Kind indexed kind,
        address registrant,
        uint16 royaltyBps,
        string did
    );
    /// @notice A content version was appended.
    event VersionPublished(
        uint64 indexed capsuleId,
        uint32 indexed version,
        bytes32 indexed contentHash,
        string uri
    );
    /// @notice A capsule was derived from `parentId`, with this share of its data and model revenue for the parent.
    event DerivativeRegistered(
        uint64 indexed capsuleId,
        uint64 indexed parentId,
        uint64 indexed licenseId,
        uint16 shareBps
    );
    /// @notice A shares version began with new rows under `owner`. `rows` are as given; of a derivative, they are all
    ///         rows as stored.
    event SharesSet(
        uint64 indexed capsuleId,
        uint32 indexed sharesVersion,
        address indexed owner,
        ShareRow[] rows
    );
    /// @notice A transfer to `owner` began a shares version with unchanged rows.
    event SharesCarriedOver(uint64 indexed capsuleId, uint32 indexed sharesVersion, address indexed owner);
    /// @notice The license contract was set, permanently.
    event CapsuleLicensesSet(address indexed licenses);

    /// @notice Registers a capsule. `owner` becomes its creator and receives its token.
    /// @dev Anyone may register for anyone: neither creator nor DID proves authorship. The event names the caller.
    ///      - `royaltyBps` is at most 1,000, or `RoyaltyTooHigh`
    ///      - `contentHash` is not zero, or `ContentHashZero`
    ///      - `uri` and `did` are within their limits, or `TextTooLong`
    ///      - `shares` meets the requirements of `setShares`
    ///      - `owner` is not zero, or `ERC721InvalidReceiver`
    /// @param owner receiver of the token; gets no callback
    /// @param registration parameters of the capsule
    /// @return capsuleId id of the capsule, counted from 1
    function register(address owner, Registration calldata registration) external returns (uint64 capsuleId);

    /// @notice Registers a capsule derived from others, under licenses that permit it. The parents' shares begin every
    ///         shares version, in the roles Data and Model, whatever happens later to license, terms or parent.
    /// @dev A license serves any number of derivatives. Parents are older than their derivative, so lineage has no cycle.
    ///      - the caller is `owner`, or `DerivativeCallerNotOwner`: nobody names another as author of a derivative
    ///      - 1 to 16 licenses, or `ParentsCountInvalid`
    ///      - requirements of `ILicenseNFT.derivationOf` for each
    ///      - `owner` holds each, or `ParentLicenseNotHeld`
    ///      - each is for another capsule, or `ParentDuplicate`
    ///      - shares add up to less than 10,000 basis points, or `ParentsShareTooHigh`
    ///      - requirements of `register`, and of `setShares` for a derivative
    /// @param owner receiver of the token; gets no callback
    /// @param registration parameters of the capsule; its shares divide what the parents leave
    /// @param licenseIds one license for each parent
    /// @return capsuleId id of the capsule
    function registerDerivative(
        address owner,
        Registration calldata registration,
        uint64[] calldata licenseIds
    ) external returns (uint64 capsuleId);

    /// @notice Appends a content version. Earlier versions stay.
    /// @dev - the caller owns the capsule, or `CallerNotCapsuleOwner`
    ///      - `contentHash` is not zero, or `ContentHashZero`
    ///      - `uri` is at most 2,048 bytes, or `TextTooLong`
    /// @param capsuleId the capsule
    /// @param contentHash SHA-256 of the content
    /// @param uri location of the content or its description
    /// @return version number of the new version
    function publishVersion(
        uint64 capsuleId,
        bytes32 contentHash,
        string calldata uri
    ) external returns (uint32 version);

    /// @notice Starts a shares version with new rows. Revenue accrued so far stays with its own shares version.
    /// @dev - the caller owns the capsule, or `CallerNotCapsuleOwner`
    ///      - at most 500 rows, or `SharesTooMany`
    ///      - no row has the role Platform, or `ShareRolePlatform`
    ///      - every row has units, or `ShareUnitsZero`
    ///      - no row names both an account and a capsule, or `ShareBeneficiaryAmbiguous`
    ///      - no row names this capsule, or `ShareBeneficiarySelf`
    ///      - every named capsule exists, or `ShareBeneficiaryNonexistent`
    ///      - of a derivative with shares for parents: units of the role Data, and of Model, add up to at most
    ///        1,844,674,407,370,955, or `ShareUnitsTooMany`. The table scales them to the part that parents leave
    /// @param capsuleId the capsule
    /// @param rows the new rows; a role without rows gets one row for the owner
    /// @return sharesVersion number of the new shares version
    function setShares(uint64 capsuleId, ShareRow[] calldata rows) external returns (uint32 sharesVersion);

    /// @notice Sets the license contract, permanently. For deployment.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - not zero, or `CapsuleLicensesZero`; not set before, or `CapsuleLicensesAlreadySet`
    function setLicenses(address licenses) external;

    /// @notice The license contract.
    function licenses() external view returns (address);

    /// @notice The capsules from which a capsule was derived, in the order of registration.
    function parentsOf(uint64 capsuleId) external view returns (Parent[] memory);

    /// @notice Current state of a capsule.
    function capsuleOf(uint64 capsuleId) external view returns (Capsule memory);

    /// @notice Id of the newest capsule, also the number of capsules.
    function lastCapsuleId() external view returns (uint64);

    /// @notice Creator of a capsule, as registered.
    /// @return account first owner, receiver of the royalty
    /// @return did decentralized identifier claimed at registration
    function creatorOf(uint64 capsuleId) external view returns (address account, string memory did);

    /// @notice One content version of a capsule.
    /// @dev The version exists, or `VersionNonexistent`.
    /// @return contentHash SHA-256 of the content
    /// @return uri location of the content or its description
    function versionOf(
        uint64 capsuleId,
        uint32 version
    ) external view returns (bytes32 contentHash, string memory uri);

    /// @notice The current shares version: revenue accrues to it.
    function currentSharesVersion(uint64 capsuleId) external view returns (uint32);

    /// @notice All rows of a shares version. Parents' rows come first, rows added for the owner last.
    /// @dev The shares version exists, or `SharesVersionNonexistent`.
    function sharesOf(uint64 capsuleId, uint32 sharesVersion) external view returns (ShareRow[] memory);

    /// @notice The capsule's owner at the end of a shares version, or its owner now if the version is current.
    /// @dev The shares version exists, or `SharesVersionNonexistent`.
    function sharesOwnerOf(uint64 capsuleId, uint32 sharesVersion) external view returns (address);

    /// @notice A range of a shares version's earners, at a cost independent of its number of rows.
    /// @dev Earner 0 is the platform; the router knows its account. Earner 1 is the first share row.
    ///      - the shares version exists, or `SharesVersionNonexistent`
    ///      - the whole range exists, or `EarnersNonexistent`
    /// @param capsuleId the capsule
    /// @param sharesVersion the shares version
    /// @param first index of the first earner
    /// @param count number of earners
    /// @return earners the earners; rows of the owner carry the account of `sharesOwnerOf`
    /// @return units sum of the rows' units per role; the platform's is 1
    function earnersOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        uint256 first,
        uint256 count
    ) external view returns (Earner[] memory earners, Units units);
}
